// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/search_actions.h"

#include "ui/hub/icons.h"

namespace cohelix::ui {

SearchActions::SearchActions(const ViewContext& context, QObject* parent)
    : QObject(parent), m_hub(context.hub) {
    Actions& actions = context.actions;
    m_start = actions.add(
        QStringLiteral("search.start"), tr("&Start"), QKeySequence(QStringLiteral("F5")),
        [this] { m_hub.control().start(); }, QStringLiteral("start"));
    m_pause = actions.add(
        QStringLiteral("search.pause"), tr("&Pause"), QKeySequence(QStringLiteral("F6")),
        [this] {
            Control& control = m_hub.control();
            control.canUnpause() ? control.unpause() : control.pause();
        },
        QStringLiteral("pause"));
    m_stop = actions.add(
        QStringLiteral("search.stop"), tr("S&top"), QKeySequence(QStringLiteral("Shift+F5")),
        [this] { m_hub.control().stop(); }, QStringLiteral("stop"));
    m_resume = actions.add(QStringLiteral("search.resume"), tr("&Go on with the last run"),
                           QKeySequence(QStringLiteral("F7")), [this] { goOn(); });
    m_buttons = {m_start, m_pause, m_stop};
    connect(&m_hub.control(), &Control::changed, this, &SearchActions::refresh);
    refresh();
}

void SearchActions::goOn() {
    const auto& runs = m_hub.projection().runs();
    if (!runs.empty()) m_hub.control().resume(runs.back().id);
}

void SearchActions::refresh() {
    const Control& control = m_hub.control();
    const auto& runs = m_hub.projection().runs();
    m_start->setEnabled(control.canStart());
    m_pause->setEnabled(control.canPause() || control.canUnpause());
    m_stop->setEnabled(control.canStop());
    m_resume->setEnabled(!runs.empty() && control.canResume(runs.back().id));
    m_pause->setText(control.canUnpause() ? tr("&Resume") : tr("&Pause"));
    m_pause->setIcon(
        lineIcon(control.canUnpause() ? QStringLiteral("start") : QStringLiteral("pause")));
}

}  // namespace cohelix::ui
