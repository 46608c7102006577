// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/export.h"

#include <QBuffer>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <cmath>

#include "ui/plot/plot.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

namespace {

constexpr double kLayoutDpi = 96;
constexpr double kMmPerInch = 25.4;
constexpr int kPdfDpi = 1200;
/// Above this a PNG does not fit the memory of a small machine (four bytes a pixel).
constexpr double kMostPixels = 100e6;

int layoutPixels(double mm) { return static_cast<int>(std::lround(mm / kMmPerInch * kLayoutDpi)); }

void paint(QCustomPlot& canvas, QPaintDevice& device, const ExportSize& size, double scale) {
    QCPPainter painter;
    painter.begin(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    painter.setMode(QCPPainter::pmNonCosmetic);
    painter.scale(scale, scale);
    canvas.toPainter(&painter, layoutPixels(size.widthMm), layoutPixels(size.heightMm));
    painter.end();
}

void drawSvg(QCustomPlot& canvas, QIODevice& out, const ExportSize& size) {
    QSvgGenerator generator;
    generator.setOutputDevice(&out);
    generator.setResolution(static_cast<int>(kLayoutDpi));
    const QSize pixels(layoutPixels(size.widthMm), layoutPixels(size.heightMm));
    generator.setSize(pixels);
    generator.setViewBox(QRect(QPoint(0, 0), pixels));
    generator.setTitle(canvas.yAxis->label() + QStringLiteral(" / ") + canvas.xAxis->label());
    paint(canvas, generator, size, 1.0);
}

void drawPdf(QCustomPlot& canvas, QIODevice& out, const ExportSize& size) {
    QPdfWriter writer(&out);
    writer.setResolution(kPdfDpi);
    writer.setPageSize(QPageSize(QSizeF(size.widthMm, size.heightMm), QPageSize::Millimeter,
                                 QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setCreator(QStringLiteral("Cohelix"));
    paint(canvas, writer, size, kPdfDpi / kLayoutDpi);
}

void drawPng(QCustomPlot& canvas, QIODevice& out, const ExportSize& size) {
    QImage image = canvas
                       .toPixmap(layoutPixels(size.widthMm), layoutPixels(size.heightMm),
                                 size.dpi / kLayoutDpi)
                       .toImage();
    const int perMeter = static_cast<int>(std::lround(size.dpi / kMmPerInch * 1000));
    image.setDotsPerMeterX(perMeter);
    image.setDotsPerMeterY(perMeter);
    image.save(&out, "PNG");
}

}  // namespace

base::Result<void> checkExport(const QString& format, const ExportSize& size) {
    if (format != QLatin1String("svg") && format != QLatin1String("pdf") &&
        format != QLatin1String("png")) {
        const QString what = format.isEmpty()
                                 ? QStringLiteral("the file name does not say which format to use")
                                 : QStringLiteral("'%1' is not a format of pictures").arg(format);
        return base::Error{"", what.toStdString(),
                           "Use a file name that ends in .svg, .pdf or .png"};
    }
    const auto fits = [](double mm) { return mm >= 10 && mm <= 2000; };
    if (!fits(size.widthMm) || !fits(size.heightMm) || size.dpi < 36 || size.dpi > 2400) {
        return base::Error{"", "the size of the picture is out of range",
                           "Use 10 to 2,000 mm for width and height and 36 to 2,400 dpi"};
    }
    const double perMm = size.dpi / kMmPerInch;
    if (format == QLatin1String("png") &&
        size.widthMm * perMm * size.heightMm * perMm > kMostPixels) {
        return base::Error{"", "the picture would have more than 100 million pixels",
                           "Use a smaller size or fewer dpi, or write SVG or PDF"};
    }
    return {};
}

QByteArray drawnAs(QCustomPlot& canvas, const QString& format, const ExportSize& size) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (format == QLatin1String("svg")) drawSvg(canvas, buffer, size);
    if (format == QLatin1String("pdf")) drawPdf(canvas, buffer, size);
    if (format == QLatin1String("png")) drawPng(canvas, buffer, size);
    return bytes;
}

}  // namespace cohelix::ui
