// The page of a change set without reloading: stepping through its items, comments on them, the rules of a large set.
import { Stepper } from "portal/desk-stepper";
import { tieFindings } from "portal/desk-findings";
import { fetchFragments } from "portal/desk-fragments";

const workspace = document.querySelector("[data-workspace]");
if (workspace) new Stepper(workspace);
tieFindings(document.querySelector("[data-diffmap]"));
fetchFragments(document);
document.querySelector("#refusal")?.focus();
