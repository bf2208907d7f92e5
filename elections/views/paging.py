"""The links of a pager."""


def page_links(page, link) -> list[dict]:
    """Previous, the numbers around, next; `link(number)` is an address. Nothing when there is one page."""
    if page.paginator.num_pages == 1:
        return []
    pages = [{"label": "上一页", "url": link(page.number - 1) if page.has_previous() else ""}]
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        pages.append(
            {
                "label": str(number),
                "url": link(number) if isinstance(number, int) else "",
                "is_current": number == page.number,
            }
        )
    pages.append({"label": "下一页", "url": link(page.number + 1) if page.has_next() else ""})
    return pages
