// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Which references are laid over the Pareto plot: groups of published figures (none at first) and
// the project's true fronts (at first the newest that a run can be held against), as actions for
// menus, the command palette and the plot's bar.

#include <QObject>
#include <QStringList>
#include <set>
#include <vector>

#include "ui/hub/view_context.h"
#include "ui/views/front/reference_series.h"

class QAction;
class QMenu;

namespace cohelix::ui {

class ParetoReferences : public QObject {
    Q_OBJECT

public:
    /// Shows the groups that were shown last, and offers its actions.
    ParetoReferences(const ViewContext& context, QWidget* parent);

    /// All of it; owned by the parent.
    QMenu& menu() const { return *m_menu; }
    /// Ids of the groups that are shown.
    QStringList shownGroups() const;

    /// What to lay over a plot with these axes.
    std::vector<ReferenceSeries> series(const ParetoOptions& options) const;

Q_SIGNALS:
    void changed();

private:
    void buildMenu(QWidget* parent);
    void offerActions(Actions& actions);
    /// Ids that are none are left out.
    void setShownGroups(const QStringList& ids);
    void takeFronts();
    void chooseFront();
    void addFrontAction(const store::ReferenceFront& front);
    void toggleAll(bool on);
    void groupToggled();

    Hub& m_hub;
    QSettings& m_settings;
    QMenu* m_menu = nullptr;
    QAction* m_published = nullptr;  ///< shows the groups chosen last (ImageNet on FPGA at first)
    QAction* m_noFront = nullptr;
    std::vector<QAction*> m_groups;  ///< their ids as data; what cannot be shown is disabled
    std::vector<QAction*> m_frontActions;
    QStringList m_lastShown;
    std::vector<std::string> m_present;  ///< when the project's fronts were computed
    std::set<std::int64_t> m_shown;      ///< fronts that are shown
    bool m_chosenByUser = false;         ///< which of them
};

}  // namespace cohelix::ui
