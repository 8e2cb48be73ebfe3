// The page of a change set without reloading: stepping through its items, comments on them, the rules of a large set.
import { Stepper } from "portal/desk-stepper";
import { fetchFragments } from "portal/desk-fragments";

const workspace = document.querySelector("[data-workspace]");
if (workspace) new Stepper(workspace);
fetchFragments(document);
document.querySelector("#refusal")?.focus();
