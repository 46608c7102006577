// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

// Resources of a static library have to be asked for, and that from outside any namespace.
static void useResources() { Q_INIT_RESOURCE(cohelix); }

namespace cohelix::ui {

namespace {

QString pathOf(const QString& name) { return QStringLiteral(":/cohelix/icons/%1.svg").arg(name); }

class LineIconEngine : public QIconEngine {
public:
    explicit LineIconEngine(QString path) : m_path(std::move(path)) {}

    void paint(QPainter* painter, const QRect& area, QIcon::Mode mode, QIcon::State) override {
        QPixmap tinted(area.size() * painter->device()->devicePixelRatio());
        tinted.fill(Qt::transparent);
        QPainter inner(&tinted);
        QSvgRenderer(m_path).render(&inner, QRectF(tinted.rect()));
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        inner.setCompositionMode(QPainter::CompositionMode_SourceIn);
        inner.fillRect(tinted.rect(),
                       QGuiApplication::palette().color(group, QPalette::ButtonText));
        inner.end();
        painter->drawPixmap(area, tinted);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap result(size);
        result.fill(Qt::transparent);
        QPainter painter(&result);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return result;
    }

    QIconEngine* clone() const override { return new LineIconEngine(m_path); }

private:
    QString m_path;
};

}  // namespace

QIcon lineIcon(const QString& name) {
    useResources();
    return QIcon(new LineIconEngine(pathOf(name)));
}

QIcon programIcon() {
    useResources();
    return QIcon(pathOf(QStringLiteral("cohelix")));
}

}  // namespace cohelix::ui
