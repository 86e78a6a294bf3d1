/**
 * The page "Check it yourself": the form stands in [data-check], whose data-policy says where the center's keys are.
 */

import { mount } from "./check-form.js";

for (const root of document.querySelectorAll("[data-check]")) mount(root, { policyUrl: root.dataset.policy ?? "" });
