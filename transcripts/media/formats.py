"""What uploads may be, by the names of libavformat's demuxers.

Playlists, and anything else that names further files or addresses, are not among them; nor are subtitles, pictures,
raw samples without a header, and formats of games that no person records in.
"""

from __future__ import annotations

FORMATS = ",".join(
    (
        # Phones, browsers, cameras, meetings
        "aac,aiff,amr,amrnb,amrwb,asf,asf_o,avi,caf,flac,flv,live_flv,m4v,matroska,mov,mp2,mp3,ogg,wav",
        # Broadcast and studio
        "ac3,au,avr,dts,dtshd,dv,eac3,gxf,iamf,iff,ircam,ivf,loas,lxf,mlp,mpeg,mpegts,mpegvideo,mxf,nsv,nut,paf,pva",
        "pvf,rso,sox,truehd,w64,wsd,wtv",
        # Telephones, dictation, cameras that watch, research
        "act,adx,dhav,dss,gsm,ilbc,lvf,nistsphere,qcp,voc,wve,xwma",
        # Music players
        "aea,ape,bonk,dsf,ivr,mpc,mpc8,oma,osq,qoa,rka,rm,shn,tak,tta,vqf,wavarc,wv",
    )
)
