/**
 * A link to a confirm page opens that page's `[data-dialog]` over the present one.
 * Whatever goes wrong, the link is followed as it would be without scripts.
 */
import type { Island } from "../lib/mount";
import { mountWithin } from "../lib/mount";

const dialog: Island = (element) => {
  if (!(element instanceof HTMLAnchorElement)) return;
  const open = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void show(element);
  };
  element.addEventListener("click", open);
  return () => element.removeEventListener("click", open);
};
export default dialog;

export async function show(link: HTMLAnchorElement): Promise<HTMLDialogElement | null> {
  const content = await fetchDialog(link.href);
  if (!content) {
    location.assign(link.href);
    return null;
  }
  const box = document.createElement("dialog");
  box.className = content.className;
  box.setAttribute("aria-labelledby", content.getAttribute("aria-labelledby") ?? "");
  box.append(...content.childNodes);
  box.addEventListener("close", () => {
    box.remove();
    link.focus();
  });
  box.addEventListener("click", (event) => {
    const closer = (event.target as Element).closest("[data-close]");
    if (!closer) return;
    event.preventDefault();
    box.close();
  });
  document.body.append(box);
  box.showModal();
  void mountWithin(box);
  return box;
}

async function fetchDialog(url: string): Promise<HTMLElement | null> {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector<HTMLElement>("[data-dialog]");
  } catch {
    return null;
  }
}
