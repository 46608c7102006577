// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A plot as the bytes of a file. Layout is done in pixels of 1/96 inch and scaled from there, so
// that PDF, SVG and PNG show the same picture at every resolution.

#include <QByteArray>
#include <QString>

#include "core/base/result.h"

class QCustomPlot;

namespace cohelix::ui {

struct ExportSize;

/// Whether such a file can be made; says which formats and sizes there are.
base::Result<void> checkExport(const QString& format, const ExportSize& size);
/// Precondition: checkExport() is fine.
QByteArray drawnAs(QCustomPlot& canvas, const QString& format, const ExportSize& size);

}  // namespace cohelix::ui
