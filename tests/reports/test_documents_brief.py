"""The giao ban sheet is one A4 page, whatever the units wrote."""

from dataclasses import replace

import pytest

from reports.documents import figures
from reports.documents.brief import render_pdf

from .paper_samples import LONG_DIFFICULTY, sample_rollup
from .papers import glued, pdf_fonts, pdf_pages, pdf_sizes

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rollup(published_plan):
    return sample_rollup(published_plan)


def test_long_difficulties_of_all_units_fit_one_page(rollup):
    content = render_pdf(rollup)
    assert pdf_sizes(content) == [(210, 297)]
    text = pdf_pages(content)[0]
    assert "PHIẾU GIAO BAN THÁNG 3/2023" in text
    assert "Gửi muộn: Hớn Quản, Phú Riềng." in text
    assert "Chưa gửi: Bù Đốp, Công an tỉnh." in text


def test_more_than_fits_is_counted(rollup):
    many = replace(rollup, difficulties=[(line.unit, LONG_DIFFICULTY) for line in rollup.units * 6])
    pages = pdf_pages(render_pdf(many))
    assert len(pages) == 1
    assert "ý kiến khác, xem báo cáo tổng hợp." in pages[0]


def test_one_endless_word_and_hundreds_of_late_units_fit_one_page(rollup):
    units = [line.unit for line in rollup.units]
    worst = replace(
        rollup, difficulties=[(unit, "ữ" * 10_000) for unit in units], late=units * 20, missing=units * 20
    )
    pages = pdf_pages(render_pdf(worst))
    assert len(pages) == 1
    assert "đơn vị khác" in pages[0]


def test_all_targets_stand_on_it_with_the_figures_of_the_report(rollup):
    text = glued(pdf_pages(render_pdf(rollup))[0])
    for line in rollup.targets:
        row = (figures.in_period(line), figures.cumulative(line), figures.rate(line), figures.coverage(line))
        assert glued("".join(row)) in text


def test_short_difficulties_are_all_there(rollup):
    short = sample_rollup(rollup.plan, difficulties="Thiếu kinh phí in tờ hướng dẫn.")
    text = pdf_pages(render_pdf(short))[0]
    assert text.count("Thiếu kinh phí in tờ hướng dẫn.") == len(short.difficulties)
    assert "ý kiến khác" not in text


def test_only_the_vendored_serif_is_embedded(rollup):
    assert all(name.startswith("Liberation-Serif") for name in pdf_fonts(render_pdf(rollup)))
