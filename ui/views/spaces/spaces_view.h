// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What may be built: the specification as form and as text, both live, with presets and the sizes
// of the spaces. Edits are handed out as soon as they are valid; what is invalid stays here, marked
// where it is wrong, until it is corrected or given up.

#include <QWidget>

#include "ui/hub/view_context.h"
#include "ui/views/spaces/spaces_document.h"

class QLabel;
class QPushButton;
class QTabWidget;

namespace cohelix::ui {

class SpacesForm;
class SpacesText;

class SpacesView : public QWidget {
    Q_OBJECT

public:
    explicit SpacesView(const ViewContext& context, QWidget* parent = nullptr);
    ~SpacesView() override;

    /// Shows a specification that changed elsewhere (opened, undone); emits nothing. Cursor, folded
    /// sections and invalid drafts stay.
    void setSpecification(const spec::Specification& specification);
    const spec::Specification& specification() const { return m_document.specification(); }
    /// Shows a specification of another project: what was typed for the last one is dropped.
    void startOver(const spec::Specification& specification);
    /// True while the form or the text hold something that is not valid.
    bool hasDraft() const;
    /// Applies what is typed. Error: something of it is not valid, and where it stands.
    base::Result<void> applyTyped();
    /// False: the fields show but cannot be edited (a file that is read only).
    void setEditable(bool editable);

    SpacesForm& form() const { return *m_form; }
    SpacesText& text() const { return *m_text; }

private:
    void followHub();
    void takeProject(const Contents& contents);
    /// Hands out what was edited; `what` is the text of the undo step.
    void handOut(const spec::Specification& specification, const QString& what);
    void fillPresets();
    void takePreset(const std::string& name);
    void onFormChanged(const QString& what);
    void onTextTyped(const spec::Specification& specification);
    void showSizes();
    /// A row of the table of sizes that says which resource is short; empty when designs can fit.
    QString misfitRow() const;

    Hub& m_hub;
    SpacesDocument m_document;
    QPushButton* m_presets;
    QLabel* m_sizes;
    QLabel* m_message;
    QTabWidget* m_tabs;
    SpacesForm* m_form;
    SpacesText* m_text;
};

/// "9^22 = 10^20.99" or "10^39.97" for the combinations of a list of choices.
QString spaceSizeText(const std::vector<hardware::Choice>& choices);

}  // namespace cohelix::ui
