/** 36 / 500 字, beside the textarea that `data-for` names. Counts characters as people do. */
import type { Island } from "../lib/mount";

const counter: Island = (element) => {
  const field = document.getElementById(element.dataset["for"] ?? "") as HTMLTextAreaElement | null;
  const most = Number(element.dataset["max"]);
  if (!field || !most) return;
  const count = (): void => {
    const length = [...field.value].length;
    element.textContent = `${length} / ${most} 字`;
    element.classList.toggle("is-over", length > most);
    element.setAttribute("aria-live", length > most - 20 ? "polite" : "off");
  };
  const afterReset = (): void => void setTimeout(count);
  field.addEventListener("input", count);
  field.form?.addEventListener("reset", afterReset);
  count();
  return () => {
    field.removeEventListener("input", count);
    field.form?.removeEventListener("reset", afterReset);
  };
};
export default counter;
