// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The numbers of the steering panel: a line for each hard limit, three for each target. A line that
// was edited stays as it is until it is applied or dropped, whatever comes into force meanwhile.

#include <QWidget>
#include <optional>
#include <vector>

#include "core/specification/steering.h"

class QGridLayout;
class QLineEdit;
class QPushButton;

namespace cohelix::ui {

class SteerNumbers : public QWidget {
    Q_OBJECT

public:
    explicit SteerNumbers(QWidget* parent = nullptr);

    /// Shows what is in force; rows of targets are made anew when their number or metric differs.
    void setInForce(const spec::InForce& inForce);

    bool hasEdits() const;
    void dropEdits();
    /// The changes that the edited lines ask for. Error: a line that holds no number.
    base::Result<std::vector<spec::Change>> edits() const;

    QLineEdit& limit(spec::LimitKind kind) const;
    QLineEdit& low(int target) const { return *m_targets[static_cast<std::size_t>(target)].low; }
    QLineEdit& high(int target) const { return *m_targets[static_cast<std::size_t>(target)].high; }
    QLineEdit& weight(int target) const {
        return *m_targets[static_cast<std::size_t>(target)].weight;
    }
    QPushButton& stop(int target) const {
        return *m_targets[static_cast<std::size_t>(target)].stop;
    }

Q_SIGNALS:
    void edited();
    /// Enter in a line.
    void applied();
    void stopWanted(int target);

private:
    struct Target {
        QLineEdit* low = nullptr;
        QLineEdit* high = nullptr;
        QLineEdit* weight = nullptr;
        QPushButton* stop = nullptr;
    };
    QLineEdit* makeLine(const QString& name, QWidget* parent);
    QWidget* makeLimits();
    void makeTargets();
    void addTarget(QGridLayout& grid, int target);
    std::vector<QLineEdit*> lines() const;
    /// What is wrong with a line, if anything.
    using Problem = std::optional<base::Error>;
    void addLimitEdits(std::vector<spec::Change>& changes, Problem& problem) const;
    void addTargetEdits(std::vector<spec::Change>& changes, Problem& problem) const;

    std::optional<spec::InForce> m_inForce;
    std::vector<QLineEdit*> m_limits;  ///< by spec::LimitKind
    QWidget* m_targetsBox = nullptr;
    std::vector<Target> m_targets;
};

}  // namespace cohelix::ui
