// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/run_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/plain_text.h"
#include "ui/hub/text.h"
#include "ui/views/runs/search_actions.h"

namespace cohelix::ui {

namespace {

constexpr int kBarSteps = 1000;

void addButton(QHBoxLayout& row, QAction* action, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(false);
    row.addWidget(button);
}

}  // namespace

RunBar::RunBar(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_hub(context.hub),
      m_phase(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_time(new QLabel(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(4, 2, 4, 2);
    const auto* actions = new SearchActions(context, this);
    for (QAction* action : actions->buttons()) addButton(*row, action, this);
    row->addSpacing(8);
    row->addWidget(m_phase, 1);
    row->addWidget(m_bar);
    row->addWidget(m_time);
    m_phase->setObjectName(QStringLiteral("phase"));
    m_phase->setTextFormat(Qt::PlainText);
    // The text gives way first when the window is narrow.
    m_phase->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_bar->setRange(0, kBarSteps);
    m_bar->setFixedWidth(180);
    m_bar->setTextVisible(false);  // the share stands beside it, legible in every style
    m_bar->setAccessibleName(tr("Progress of the search"));
    connect(&m_hub.projection(), &Projection::progressChanged, this, &RunBar::refresh);
    connect(&m_hub.control(), &Control::changed, this, &RunBar::refresh);
    refresh();
}

void RunBar::refresh() {
    const auto active = m_hub.projection().activeRun();
    m_bar->setVisible(active.has_value());
    m_time->setVisible(active.has_value());
    if (active) {
        showActive(*active);
    } else {
        showIdle();
    }
}

void RunBar::showIdle() {
    const auto& runs = m_hub.projection().runs();
    if (m_hub.document().busy()) {
        m_phase->setText(m_hub.document().state() == Document::State::Opening ? tr("Opening…")
                                                                              : tr("Saving…"));
    } else if (runs.empty()) {
        m_phase->setText(m_hub.control().canStart() ? tr("Ready to search") : QString());
    } else {
        const store::RunRow& last = runs.back();
        m_phase->setText(tr("Run %1 %2").arg(last.id).arg(fromStd(word(last.state))));
        m_phase->setToolTip(plainToolTip(QString::fromStdString(last.message)));
    }
}

void RunBar::showActive(const store::RunRow& active) {
    const auto progress = m_hub.projection().progress();
    QString text = tr("Run %1").arg(active.id);
    if (m_hub.control().isStopping()) {
        text += tr(", stopping…");
    } else if (active.state == store::RunState::Paused) {
        text += tr(", paused");
    }
    if (progress) {
        text += QStringLiteral(": ") + fromStd(word(progress->phase));
        if (!progress->detail.empty()) {
            text += QStringLiteral(" · ") + QString::fromStdString(progress->detail);
        }
    }
    m_phase->setText(text);
    m_phase->setToolTip(plainToolTip(text));
    const double share = progress && progress->steps > 0 ? static_cast<double>(progress->step) /
                                                               static_cast<double>(progress->steps)
                                                         : 0;
    m_bar->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kBarSteps));
    m_time->setText(progress
                        ? tr("%1 % · ").arg(QString::fromStdString(base::fixed(share * 100, 0))) +
                              timeText(*progress)
                        : tr("starting"));
}

QString RunBar::timeText(const run::Progress& progress) const {
    QString text =
        progress.secondsLeft >= 0
            ? tr("%1 left").arg(QString::fromStdString(base::clockTime(progress.secondsLeft)))
            : tr("%1 elapsed")
                  .arg(QString::fromStdString(base::clockTime(progress.elapsedSeconds)));
    if (progress.imagesPerSecond > 0) {
        text += tr(" · %1 images/s")
                    .arg(QString::fromStdString(base::fixed(progress.imagesPerSecond, 0)));
    }
    return text;
}

}  // namespace cohelix::ui
