// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Steering the active run: its hard limits, the window and weight of each target, pinned choices,
// and the changes made so far. Numbers are edited and then applied together; a button that names
// one change (Pin, Free, Stop) asks for it at once.

#include <QWidget>
#include <map>

#include "ui/hub/view_context.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QTableWidget;
class QVBoxLayout;

namespace cohelix::ui {

class SteerNumbers;

class SteerView : public QWidget {
    Q_OBJECT

public:
    explicit SteerView(const ViewContext& context, QWidget* parent = nullptr);

    bool hasEdits() const;
    /// Asks for every number that was edited; says what is no number instead.
    void applyEdits();
    /// Back to what is in force.
    void dropEdits();

protected:
    void changeEvent(QEvent* event) override;

private:
    void offerActions(const ViewContext& context);
    QWidget* makeBody();
    QWidget* makeButtons(QWidget* parent);
    QWidget* makePinRow(QWidget* parent);
    void refresh();
    void refreshPins();
    void refreshHistory();
    void fillChoices();
    void fillOptions();
    void askForPin();
    void showProblem(const QString& text);
    void updateButtons();

    Steering& m_steering;
    QLabel* m_head;  ///< which run, or why there is nothing to steer
    QWidget* m_body = nullptr;
    SteerNumbers* m_numbers = nullptr;
    QLabel* m_problem = nullptr;
    QPushButton* m_apply = nullptr;
    QPushButton* m_drop = nullptr;
    QComboBox* m_choice = nullptr;
    QComboBox* m_option = nullptr;
    QPushButton* m_pin = nullptr;
    QWidget* m_pins = nullptr;
    QVBoxLayout* m_pinRows = nullptr;
    QTableWidget* m_history = nullptr;
    std::int64_t m_shownRun = 0;  ///< whose choices the pin's box lists
};

}  // namespace cohelix::ui
