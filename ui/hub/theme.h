// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The colours and shapes of everything that is drawn. A Theme follows from the palette alone, so
// that a widget has only to ask again at QEvent::PaletteChange. Series colours are those of Okabe
// and Ito (2008), told apart by readers with any common colour blindness; what must not be mixed
// up differs in shape as well.

#include <QColor>
#include <QPalette>
#include <QString>
#include <array>
#include <cstdint>

namespace cohelix::ui {

struct Theme {
    bool dark = false;
    QColor background;  ///< of plots and drawings
    QColor panel;       ///< of cards and strips on the background
    QColor border;      ///< of cards and boxes
    QColor text;
    QColor mutedText;  ///< for units, hints and what is secondary; 4.5:1 on the background
    QColor grid;
    QColor accent;     ///< the front, progress, what can be pressed
    QColor selection;  ///< the selected design
    QColor good;
    QColor warning;
    QColor error;
    QColor dominated;  ///< designs that another beats
    QColor published;  ///< figures of others; no series has it
    std::array<QColor, 8> series;
};

/// Decides light or dark from the window colour.
bool isDark(const QPalette& palette);
Theme themeOf(const QPalette& palette);

/// The palettes of View -> Light and View -> Dark, for the Fusion style.
QPalette lightPalette();
QPalette darkPalette();

enum class ThemeChoice : std::uint8_t { System, Light, Dark };

/// Colour of a sequential scale (cividis-like: blue to yellow), `share` clamped to 0..1. Light and
/// dark themes share it; its ends stand out from both backgrounds.
QColor scaleColor(double share);

/// Black or white, whichever reads better on `background`.
QColor textOn(const QColor& background);

/// How a point is drawn; each reads as itself without colour.
enum class Shape : std::uint8_t {
    Circle,
    Disc,
    Square,
    Diamond,
    Triangle,
    TriangleDown,
    Cross,
    Plus,
    Star
};

}  // namespace cohelix::ui
