// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is selected, in all views alike: designs, a layer, a run, and the designs that are pinned to
// be compared. Everything is held by identity, so that it stays what it is through refresh, sort
// and filter, and in a copy of the project. Lives on the UI thread.

#include <QObject>
#include <optional>
#include <string>
#include <vector>

#include "ui/hub/projection.h"

namespace cohelix::ui {

struct Selected {
    /// By identity, each once. The first is the primary one, which views of one design show.
    std::vector<std::int64_t> designs;
    /// Of the primary design's network, by name; empty: none was chosen yet. A design without a
    /// layer of that name shows its first one, and the name stays for the next.
    std::string layer;
    std::optional<std::int64_t> run;
    /// Kept to be compared, in the order in which they were pinned.
    std::vector<std::int64_t> pins;
    /// The pin that the others are held against: the first, unless another was chosen; 0: none.
    std::int64_t baseline = 0;
    friend bool operator==(const Selected&, const Selected&) = default;
};

/// Place of a layer in a network: 0 where there is none of that name.
int layerPlace(const model::Network& network, const std::string& layer);

class Selection : public QObject {
    Q_OBJECT

public:
    /// Takes only what is there; `projection` must outlive it.
    explicit Selection(const Projection& projection, QObject* parent = nullptr);

    const Selected& now() const { return m_now; }
    /// 0: none.
    std::int64_t primary() const { return m_now.designs.empty() ? 0 : m_now.designs.front(); }

    /// This one alone; 0: none.
    void selectDesign(std::int64_t design);
    void selectDesigns(const std::vector<std::int64_t>& designs);
    void selectLayer(const std::string& layer);
    void selectRun(std::optional<std::int64_t> run);
    void setPinned(std::int64_t design, bool pinned);
    /// Of the pins; others are ignored.
    void setBaseline(std::int64_t design);
    /// Nothing is selected or pinned, as in a project that has just been opened.
    void clear();

Q_SIGNALS:
    /// Each tells of its own part of now(). primaryChanged comes before designsChanged.
    void primaryChanged(std::int64_t design);
    void designsChanged();
    void layerChanged();
    void runChanged();
    void pinsChanged();

private:
    void take(Selected next);
    void dropUnknown();
    bool hasRun(std::int64_t run) const;

    const Projection& m_projection;
    Selected m_now;
};

}  // namespace cohelix::ui
