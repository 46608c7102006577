// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The specification as a form, built from its canonical document: a section for each part, a field
// for each value, a table for lists of small objects. Values are judged as they are typed and
// applied when they are committed; what is wrong is said in the field's own row.

#include <QSet>
#include <QWidget>
#include <map>
#include <string>
#include <vector>

#include "ui/views/spaces/spaces_document.h"
#include "ui/views/spaces/spaces_field.h"

class QGridLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace cohelix::ui {

class SpacesSection;

class SpacesForm : public QWidget {
    Q_OBJECT

public:
    /// `document` outlives the form.
    explicit SpacesForm(SpacesDocument& document, QWidget* parent = nullptr);
    ~SpacesForm() override;

    /// Shows the document as it now stands. Fields with invalid text keep it.
    void refresh();
    /// Applies what is typed and was not committed yet.
    void applyTyped();
    /// Shows the document, and forgets what was typed and is not applied.
    void giveUpAll();
    /// The field at a pointer; none: null.
    SpacesField* field(const std::string& pointer) const;
    /// Message shown in a field's row; empty: none.
    QString messageAt(const std::string& pointer) const;

Q_SIGNALS:
    /// The document holds a new specification; `what` names the edit.
    void specificationChanged(const QString& what);

private:
    void build();
    void forgetFields();
    void showPending();
    void addSections(QVBoxLayout* layout);
    SpacesSection* addSection(const QString& key, const QString& title, QVBoxLayout* layout);
    void addMembers(SpacesSection* section, const std::string& pointer, const base::Json& object);
    void addMember(SpacesSection* section, const std::string& pointer, const base::Json& value);
    void addRow(SpacesSection* section, const std::string& pointer, const base::Json& value);
    /// A button beside the field of a folder that lets it be chosen.
    QToolButton* makeFolderButton(const std::string& pointer);
    void chooseFolder(const std::string& pointer);
    void addLimits(SpacesSection* section);
    void addTable(SpacesSection* section, const std::string& pointer, const base::Json& rows);
    void addTableRow(QGridLayout* table, const std::string& pointer, const base::Json& object,
                     int row, bool removable);
    void addParts(SpacesSection* section, const std::string& pointer, const base::Json& parts);
    SpacesField* makeField(const std::string& pointer, SpacesField::Kind kind, QLabel* message);
    QLabel* makeMessage();
    void onEdited(SpacesField* field);
    void onCommitted(SpacesField* field);
    void onGivenUp(SpacesField* field);
    /// Adds to the list at `pointer`, or removes the element at `pointer`.
    void changeList(const std::string& pointer, bool add);
    void showErrors();

    SpacesDocument& m_document;
    QWidget* m_content = nullptr;
    std::map<std::string, SpacesField*> m_fields;
    std::map<std::string, QLabel*> m_listMessages;
    QSet<QString> m_folded;
    std::string m_structure;
};

}  // namespace cohelix::ui
