// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The specification as text: an editor for its JSON with colours, and under it what is wrong, with
// the line marked. A pause in typing reads the text; valid text is handed out, invalid text stays
// as a draft until it is corrected or given up.

#include <QPlainTextEdit>
#include <QWidget>
#include <optional>

#include "core/base/result.h"
#include "core/specification/specification.h"

class QLabel;
class QPushButton;
class QTimer;

namespace cohelix::ui {

class SpacesText : public QWidget {
    Q_OBJECT

public:
    explicit SpacesText(QWidget* parent = nullptr);

    /// Shows a valid specification. Text that already means it stays as it is; otherwise only what
    /// differs is replaced, so that the cursor stays. A draft is kept and told to be out of date.
    void setSpecification(const spec::Specification& specification);
    /// Shows a specification of another project: drafts and what could be undone are dropped.
    void startOver(const spec::Specification& specification);
    bool hasDraft() const { return m_draft.has_value(); }
    /// What is wrong with the draft.
    const std::optional<base::Error>& draftError() const { return m_draft; }
    /// Reads what is typed without waiting for the pause.
    void applyTyped();
    /// Shows the specification in force; what was typed and is not in force is dropped.
    void giveUpDraft();
    /// Line of the error, from 0; -1: none.
    int errorLine() const { return m_errorLine; }
    QString message() const;
    QPlainTextEdit& editor() const { return *m_editor; }

Q_SIGNALS:
    void specificationTyped(const cohelix::spec::Specification& specification);

private:
    void readText();
    void showError(const base::Error& error);
    void clearError();
    void replaceText(const QString& text);
    void markLine();
    void goToError();

    QPlainTextEdit* m_editor;
    QLabel* m_message;
    QPushButton* m_giveUp;
    QWidget* m_bar;
    QTimer* m_pause;
    spec::Specification m_shown;
    QString m_text;                      ///< as it was last read or written
    std::optional<base::Error> m_draft;  ///< why the text is not in force
    bool m_quiet = false;
    int m_errorLine = -1;
};

}  // namespace cohelix::ui
