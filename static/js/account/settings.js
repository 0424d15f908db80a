// The settings on the page of the account, the same that the menus of the player have.
import { bindSettings } from "../transcript/playback/settings.js";
import { preferences } from "./preferences.js";

export const accountSettings = (section) => bindSettings(section, preferences());
