// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>

#include "ui/hub/theme.h"
#include "ui/views/spaces/spaces_labels.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

using base::Json;

QString scalarText(const Json& value) {
    if (value.is_string()) return fromStd(value.get<std::string>());
    if (value.is_null()) return {};
    QString text = fromStd(value.dump());
    if (value.is_number_float() && text.endsWith(QLatin1String(".0"))) text.chop(2);
    return text;
}

QString textOf(const Json* value) {
    if (!value) return {};
    if (!value->is_array()) return scalarText(*value);
    QStringList parts;
    for (const auto& item : *value) parts << scalarText(item);
    return parts.join(QStringLiteral(", "));
}

/// A number where it is one, otherwise the text itself, so that the reader's own message says what
/// is wrong with it.
Json scalarOf(const QString& text) {
    const auto parsed = Json::parse(text.toStdString(), nullptr, false);
    if (parsed.is_number()) return parsed;
    return text.toStdString();
}

Json listOf(const QString& text) {
    Json list = Json::array();
    for (const auto& part : text.split(QLatin1Char(','))) {
        if (!part.trimmed().isEmpty()) list.push_back(scalarOf(part.trimmed()));
    }
    return list;
}

}  // namespace

SpacesField::Kind kindOf(const std::string& pointer, const Json& value) {
    using Kind = SpacesField::Kind;
    if (isReadOnly(pointer)) return Kind::ReadOnly;
    if (!fieldOptions(pointer).isEmpty()) return Kind::Words;
    if (isOptional(pointer)) return Kind::OptionalNumber;
    if (value.is_boolean()) return Kind::Flag;
    if (value.is_array()) return Kind::List;
    return value.is_number() ? Kind::Number : Kind::Text;
}

SpacesField::SpacesField(std::string pointer, Kind kind, QLabel* message, QWidget* parent)
    : QWidget(parent), m_pointer(std::move(pointer)), m_kind(kind), m_message(message) {
    setObjectName(fromStd(m_pointer));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    QWidget* editor = nullptr;
    if (m_kind == Kind::Flag) {
        m_check = new QCheckBox(this);
        connect(m_check, &QCheckBox::clicked, this, [this] { Q_EMIT committed(this); });
        editor = m_check;
    } else if (m_kind == Kind::Words) {
        buildBox();
        editor = m_box;
    } else {
        buildLine();
        editor = m_line;
    }
    editor->setToolTip(fieldToolTip(m_pointer));
    editor->setAccessibleName(fieldPath(m_pointer));
    editor->installEventFilter(this);
    setFocusProxy(editor);
    layout->addWidget(editor);
}

SpacesField::~SpacesField() {
    // A line that loses the focus while it is destroyed still says that its editing has finished.
    if (m_line) m_line->disconnect(this);
}

void SpacesField::buildLine() {
    m_line = new QLineEdit(this);
    m_line->setReadOnly(m_kind == Kind::ReadOnly);
    m_line->setMinimumWidth(44);
    if (m_kind == Kind::ReadOnly) {
        m_line->setFrame(false);
        // All but the ground follows the theme.
        QPalette ground;
        ground.setColor(QPalette::Base, Qt::transparent);
        m_line->setPalette(ground);
    }
    connect(m_line, &QLineEdit::textEdited, this, [this] {
        m_dirty = true;
        Q_EMIT edited(this);
    });
    connect(m_line, &QLineEdit::editingFinished, this, &SpacesField::commitOnce);
}

void SpacesField::buildBox() {
    m_box = new QComboBox(this);
    m_box->addItems(fieldOptions(m_pointer));
    m_box->setMinimumContentsLength(8);
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setFocusPolicy(Qt::StrongFocus);
    connect(m_box, &QComboBox::activated, this, [this] { Q_EMIT committed(this); });
}

void SpacesField::enter(const QString& text) {
    if (!m_line) return;
    m_line->setText(text);
    m_dirty = true;
    commitOnce();
}

void SpacesField::commitOnce() {
    if (!m_dirty) return;
    m_dirty = false;
    Q_EMIT committed(this);
}

void SpacesField::setValue(const Json* value) {
    if (m_dirty) return;
    if (m_check) m_check->setChecked(value && value->is_boolean() && value->get<bool>());
    if (m_box) {
        const QString text = textOf(value);
        if (m_box->findText(text) < 0) m_box->addItem(text);
        m_box->setCurrentIndex(m_box->findText(text));
    }
    if (m_line && m_line->text() != textOf(value)) {
        const int cursor = m_line->cursorPosition();
        m_line->setText(textOf(value));
        m_line->setCursorPosition(m_line->hasFocus() ? cursor : 0);
    }
}

std::optional<Json> SpacesField::value() const {
    if (m_check) return Json(m_check->isChecked());
    if (m_box) return Json(m_box->currentText().toStdString());
    const QString text = m_line->text().trimmed();
    switch (m_kind) {
        case Kind::OptionalNumber:
            if (text.isEmpty()) return std::nullopt;
            return scalarOf(text);
        case Kind::Number: return scalarOf(text);
        case Kind::List: return listOf(text);
        default: return Json(m_line->text().toStdString());
    }
}

void SpacesField::setPlaceholder(const QString& text) {
    if (m_line) m_line->setPlaceholderText(text);
}

void SpacesField::showError(const QString& text) {
    m_error = true;
    auto palette = m_message->palette();
    palette.setColor(QPalette::WindowText, themeOf(this->palette()).error);
    m_message->setPalette(palette);
    m_message->setText(text);
    m_message->show();
    update();
}

void SpacesField::clearError() {
    if (!m_error) return;
    m_error = false;
    m_message->hide();
    m_message->clear();
    update();
}

void SpacesField::paintEvent(QPaintEvent*) {
    if (!m_error) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(themeOf(palette()).error, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
}

bool SpacesField::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && (m_dirty || m_error) &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        m_dirty = false;
        Q_EMIT givenUp(this);
        return true;
    }
    if (event->type() == QEvent::Wheel && watched == m_box && !m_box->hasFocus()) {
        event->ignore();  // scrolling the form must not change a field that passes by
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace cohelix::ui
