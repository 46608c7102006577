// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Asks what a true front is to be computed of: the table of accuracies, the accelerator space and
// the limits. It reads no file: what is wrong with a table is said once it is read.

#include <QDialog>

#include "core/tables/reference_front.h"

#include "ui/hub/view_context.h"

class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;

namespace cohelix::ui {

class TrueFrontDialog : public QDialog {
    Q_OBJECT

public:
    /// The request's specification, if there is one, is what a trained table can be of.
    explicit TrueFrontDialog(const tables::FrontRequest& request, QWidget* parent = nullptr);

    tables::FrontRequest request() const;

private:
    void chooseTable();
    void updateState();
    bool isTrained() const;

    std::shared_ptr<const spec::Specification> m_specification;
    QFormLayout* m_form;
    QComboBox* m_benchmark;
    QComboBox* m_dataSet;
    QLineEdit* m_table;
    QComboBox* m_space;
    QComboBox* m_model;
    QDoubleSpinBox* m_dsp;
    QDoubleSpinBox* m_bram18k;
    QDialogButtonBox* m_buttons;
};

/// Asks, with what was asked for last, and lets it be computed.
void askForTrueFront(const ViewContext& context, QWidget* parent);

}  // namespace cohelix::ui
