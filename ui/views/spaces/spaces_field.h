// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The editor of one field of the specification: a line for numbers, texts and lists, a box of words
// or a check mark. It holds what was typed, valid or not; an invalid value is outlined in red and
// explained in the label of its row. Enter or leaving the field commits, Escape gives up.

#include <QWidget>
#include <optional>
#include <string>

#include "core/base/json.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace cohelix::ui {

class SpacesField : public QWidget {
    Q_OBJECT

public:
    enum class Kind { Text, Number, OptionalNumber, List, Words, Flag, ReadOnly };

    /// `message` shows what is wrong; it may be shared by the fields of a row.
    SpacesField(std::string pointer, Kind kind, QLabel* message, QWidget* parent = nullptr);
    ~SpacesField() override;

    const std::string& pointer() const { return m_pointer; }
    Kind kind() const { return m_kind; }
    /// Shows a value of the document; null: the field is left out. Emits nothing, leaves the cursor
    /// alone where the text is the same, and leaves alone what is being typed.
    void setValue(const base::Json* value);
    /// What was typed, as JSON; nothing: the field is left out.
    std::optional<base::Json> value() const;

    void showError(const QString& text);
    void clearError();
    bool hasError() const { return m_error; }
    /// True from the first key to the commit.
    bool isDirty() const { return m_dirty; }
    /// Takes a text as if it had been typed, with Enter.
    void enter(const QString& text);
    /// Hands out what was typed, as Enter does.
    void commitOnce();
    /// Forgets that anything was typed; the next value is shown.
    void giveUp() { m_dirty = false; }
    QLabel* messageLabel() const { return m_message; }
    void setPlaceholder(const QString& text);

Q_SIGNALS:
    void edited(cohelix::ui::SpacesField* field);
    void committed(cohelix::ui::SpacesField* field);
    void givenUp(cohelix::ui::SpacesField* field);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLine();
    void buildBox();

    std::string m_pointer;
    Kind m_kind;
    QLabel* m_message;
    QLineEdit* m_line = nullptr;
    QComboBox* m_box = nullptr;
    QCheckBox* m_check = nullptr;
    bool m_error = false;
    bool m_dirty = false;
};

/// How a value is edited.
SpacesField::Kind kindOf(const std::string& pointer, const base::Json& value);

}  // namespace cohelix::ui
