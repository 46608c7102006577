// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// One resource of a device as a bar: what each chunk takes, stacked, against the limit.

#include <QWidget>
#include <vector>

namespace cohelix::ui {

struct ResourceShare {
    QString name;  ///< of the chunk
    double amount = 0;
    int chunk = 0;  ///< chooses the colour
};

class ResourceBar : public QWidget {
    Q_OBJECT

public:
    explicit ResourceBar(const QString& resource, QWidget* parent = nullptr);

    /// `limit` 0: none is known, the bar shows the shares of the sum.
    void setShares(std::vector<ResourceShare> shares, double limit);
    /// "DSP 880 / 900".
    QString text() const;
    bool beyondLimit() const;
    /// Name and amount of the share at a position; empty beside them.
    QString shareAt(const QPoint& position) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    double sum() const;
    QRectF barArea() const;
    std::vector<QRectF> shareAreas() const;

    QString m_resource;
    std::vector<ResourceShare> m_shares;
    double m_limit = 0;
};

}  // namespace cohelix::ui
