// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/pareto_references.h"

#include <QAction>
#include <QMenu>
#include <algorithm>

#include "ui/hub/plain_text.h"
#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

constexpr const char* kShownKey = "references/published";

QString groupHelp(const published::Group& group) {
    if (canBeShown(group)) {
        return ParetoReferences::tr("Published: %1. Shown where x is FPS and y is accuracy")
            .arg(fromStd(published::gradeText(group.grade)));
    }
    return ParetoReferences::tr(
               "Not in this plot: its x axis is %1 (%2). List it with: cohelix-cli published")
        .arg(fromStd(word(group.quantity)), fromStd(published::quantityUnit(group.quantity)));
}

}  // namespace

ParetoReferences::ParetoReferences(const ViewContext& context, QWidget* parent)
    : QObject(parent), m_hub(context.hub), m_settings(context.settings) {
    buildMenu(parent);
    offerActions(context.actions);
    setShownGroups(m_settings.value(QLatin1String(kShownKey)).toStringList());
    connect(&m_hub.references(), &References::changed, this, &ParetoReferences::takeFronts);
    takeFronts();
}

void ParetoReferences::offerActions(Actions& actions) {
    actions.adoptMenu(QStringLiteral("view.references"), m_menu->menuAction());
    actions.adopt(QStringLiteral("view.published"), m_published,
                  QKeySequence(QStringLiteral("Ctrl+R")));
    for (QAction* group : m_groups) {
        actions.adopt(QStringLiteral("view.published.") + group->data().toString(), group);
    }
}

void ParetoReferences::buildMenu(QWidget* parent) {
    m_menu = new QMenu(tr("&Reference points"), parent);
    m_menu->setToolTipsVisible(true);
    m_published = m_menu->addAction(tr("Show &published figures"));
    m_published->setCheckable(true);
    connect(m_published, &QAction::triggered, this, &ParetoReferences::toggleAll);
    m_menu->addSection(tr("Published"));
    for (const published::Group& group : published::groups()) {
        QAction* action = m_menu->addAction(tr("Published: %1").arg(fromStd(group.title)));
        action->setData(fromStd(group.id));
        action->setCheckable(true);
        action->setEnabled(canBeShown(group));
        action->setToolTip(groupHelp(group));
        connect(action, &QAction::triggered, this, &ParetoReferences::groupToggled);
        m_groups.push_back(action);
    }
    m_lastShown = {m_groups.front()->data().toString()};
    m_menu->addSection(tr("True fronts of this project"));
    m_noFront = m_menu->addAction(tr("None yet: Search, Compute true front"));
    m_noFront->setEnabled(false);
}

void ParetoReferences::takeFronts() {
    const auto& fronts = m_hub.references().fronts();
    std::vector<std::string> present;
    for (const store::ReferenceFront& front : fronts) present.push_back(front.created);
    if (present != m_present) m_chosenByUser = false;
    m_present = std::move(present);
    if (!m_chosenByUser) chooseFront();
    for (QAction* action : m_frontActions) action->deleteLater();
    m_frontActions.clear();
    for (const store::ReferenceFront& front : fronts) addFrontAction(front);
    m_noFront->setVisible(fronts.empty());
    Q_EMIT changed();
}

void ParetoReferences::chooseFront() {
    const auto& fronts = m_hub.references().fronts();
    m_shown.clear();
    if (fronts.empty()) return;
    const auto measured = [this](const store::ReferenceFront& front) {
        return m_hub.references().coverage(front, m_hub.projection().designs()).has_value();
    };
    const auto found = std::find_if(fronts.rbegin(), fronts.rend(), measured);
    m_shown.insert(found == fronts.rend() ? fronts.back().id : found->id);
}

void ParetoReferences::addFrontAction(const store::ReferenceFront& front) {
    QAction* action = m_menu->addAction(frontName(front));
    action->setToolTip(plainToolTip(QString::fromStdString(front.source)));
    action->setCheckable(true);
    action->setChecked(m_shown.contains(front.id));
    connect(action, &QAction::triggered, this, [this, id = front.id](bool on) {
        m_chosenByUser = true;
        if (on) {
            m_shown.insert(id);
        } else {
            m_shown.erase(id);
        }
        Q_EMIT changed();
    });
    m_frontActions.push_back(action);
}

QStringList ParetoReferences::shownGroups() const {
    QStringList ids;
    for (const QAction* action : m_groups) {
        if (action->isChecked()) ids.push_back(action->data().toString());
    }
    return ids;
}

void ParetoReferences::setShownGroups(const QStringList& ids) {
    for (QAction* action : m_groups) {
        action->setChecked(action->isEnabled() && ids.contains(action->data().toString()));
    }
    groupToggled();
}

void ParetoReferences::groupToggled() {
    const QStringList shown = shownGroups();
    if (!shown.isEmpty()) m_lastShown = shown;
    m_published->setChecked(!shown.isEmpty());
    m_settings.setValue(QLatin1String(kShownKey), shown);
    Q_EMIT changed();
}

void ParetoReferences::toggleAll(bool on) { setShownGroups(on ? m_lastShown : QStringList()); }

std::vector<ReferenceSeries> ParetoReferences::series(const ParetoOptions& options) const {
    std::vector<ReferenceSeries> all;
    if (!referencesFit(options)) return all;
    for (const store::ReferenceFront& front : m_hub.references().fronts()) {
        if (!m_shown.contains(front.id)) continue;
        all.push_back(trueFrontSeries(
            front, m_hub.references().coverage(front, m_hub.projection().designs())));
    }
    const QStringList shown = shownGroups();
    for (const published::Group& group : published::groups()) {
        if (shown.contains(fromStd(group.id))) all.push_back(publishedSeries(group));
    }
    return all;
}

}  // namespace cohelix::ui
