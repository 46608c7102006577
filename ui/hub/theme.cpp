// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/theme.h"

#include <algorithm>
#include <cmath>

namespace cohelix::ui {

namespace {

struct Stop {
    double share;
    int red, green, blue;
};

constexpr std::array<Stop, 6> kScale = {{{0.0, 38, 70, 140},
                                         {0.2, 70, 98, 150},
                                         {0.4, 112, 124, 138},
                                         {0.6, 158, 152, 118},
                                         {0.8, 210, 184, 84},
                                         {1.0, 252, 222, 70}}};

double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

QColor mixed(const QColor& first, const QColor& second, double share) {
    const auto mix = [share](int a, int b) {
        return static_cast<int>(std::lround(a + (b - a) * share));
    };
    return QColor(mix(first.red(), second.red()), mix(first.green(), second.green()),
                  mix(first.blue(), second.blue()));
}

Theme darkTheme() {
    Theme theme;
    theme.dark = true;
    theme.accent = QColor(0x56, 0xB4, 0xE9);
    theme.selection = QColor(0xF0, 0x9A, 0x3E);
    theme.good = QColor(0x3C, 0xC6, 0x96);
    theme.warning = QColor(0xF0, 0xC8, 0x4A);
    theme.error = QColor(0xFF, 0x8A, 0x6B);
    theme.published = QColor(0xB7, 0x9B, 0xFF);
    theme.series = {QColor(0x56, 0xB4, 0xE9), QColor(0xE6, 0x9F, 0x00), QColor(0x20, 0xBE, 0x8E),
                    QColor(0xE0, 0x8F, 0xBE), QColor(0xF0, 0xE4, 0x42), QColor(0x5A, 0x9E, 0xE0),
                    QColor(0xEC, 0x7A, 0x35), QColor(0xC0, 0xC0, 0xC0)};
    return theme;
}

Theme lightTheme() {
    Theme theme;
    theme.accent = QColor(0x00, 0x72, 0xB2);
    theme.selection = QColor(0xC8, 0x4E, 0x00);
    theme.good = QColor(0x00, 0x7A, 0x58);
    theme.warning = QColor(0x8F, 0x60, 0x00);
    theme.error = QColor(0xB4, 0x2A, 0x10);
    theme.published = QColor(0x6A, 0x2F, 0xB8);
    theme.series = {QColor(0x00, 0x72, 0xB2), QColor(0xE6, 0x9F, 0x00), QColor(0x00, 0x9E, 0x73),
                    QColor(0xCC, 0x79, 0xA7), QColor(0x9A, 0x8F, 0x00), QColor(0x56, 0xB4, 0xE9),
                    QColor(0xD5, 0x5E, 0x00), QColor(0x50, 0x50, 0x50)};
    return theme;
}

QPalette paletteOf(const QColor& window, const QColor& base, const QColor& text,
                   const QColor& highlight, const QColor& link) {
    QPalette palette(window, window);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, mixed(base, text, 0.04));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, mixed(window, text, 0.03));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, text);
    palette.setColor(QPalette::ToolTipBase, base);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, mixed(text, base, 0.45));
    palette.setColor(QPalette::Highlight, highlight);
    palette.setColor(QPalette::HighlightedText, textOn(highlight));
    palette.setColor(QPalette::Link, link);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, mixed(text, window, 0.55));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, mixed(highlight, window, 0.6));
    return palette;
}

}  // namespace

bool isDark(const QPalette& palette) { return palette.color(QPalette::Window).lightness() < 128; }

Theme themeOf(const QPalette& palette) {
    Theme theme = isDark(palette) ? darkTheme() : lightTheme();
    theme.background = palette.color(QPalette::Base);
    theme.text = palette.color(QPalette::Text);
    theme.panel = mixed(theme.background, theme.text, 0.05);
    theme.border = mixed(theme.background, theme.text, 0.25);
    theme.mutedText = mixed(theme.background, theme.text, theme.dark ? 0.65 : 0.62);
    theme.grid = mixed(theme.background, theme.text, theme.dark ? 0.13 : 0.10);
    theme.dominated = mixed(theme.background, theme.text, theme.dark ? 0.5 : 0.42);
    return theme;
}

QPalette lightPalette() {
    return paletteOf(QColor(0xF3, 0xF4, 0xF6), QColor(0xFF, 0xFF, 0xFF), QColor(0x1C, 0x20, 0x26),
                     QColor(0x00, 0x72, 0xB2), QColor(0x00, 0x5F, 0x96));
}

QPalette darkPalette() {
    return paletteOf(QColor(0x23, 0x26, 0x2B), QColor(0x1A, 0x1D, 0x21), QColor(0xE6, 0xE8, 0xEB),
                     QColor(0x2A, 0x76, 0xA8), QColor(0x7C, 0xC4, 0xF0));
}

QColor scaleColor(double share) {
    const double s = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    for (std::size_t i = 1; i < kScale.size(); ++i) {
        if (s > kScale[i].share) continue;
        const Stop& a = kScale[i - 1];
        const Stop& b = kScale[i];
        return mixed(QColor(a.red, a.green, a.blue), QColor(b.red, b.green, b.blue),
                     (s - a.share) / (b.share - a.share));
    }
    return QColor(kScale.back().red, kScale.back().green, kScale.back().blue);
}

QColor textOn(const QColor& background) {
    const double light = luminance(background);
    return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? QColor(Qt::black) : QColor(Qt::white);
}

}  // namespace cohelix::ui
