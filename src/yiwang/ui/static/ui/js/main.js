// Progressive enhancement of every page. Everything works without it, except copy, print and live countdowns.
import { startMenus } from "./menus.js";
import { startTheme } from "./theme.js";
import { startCountdowns } from "./countdown.js";
import { startOnce } from "./once.js";
import { startCopy } from "./copy.js";
import { startPrint } from "./print.js";
import { startErrors } from "./errors.js";
import { startRemembered } from "./remembered.js";

for (const start of [startTheme, startMenus, startErrors, startOnce, startCountdowns, startCopy, startPrint, startRemembered]) start();
