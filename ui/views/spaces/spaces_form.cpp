// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_form.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/units.h"
#include "core/specification/limits.h"
#include "core/specification/specification.h"

#include "ui/views/spaces/spaces_labels.h"
#include "ui/views/spaces/spaces_section.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

using base::Json;

constexpr const char* kFolder = "/data_set/path";

bool isSmall(const Json& value) {
    return value.is_object() && !value.empty() && value.size() <= 3 &&
           std::none_of(value.begin(), value.end(),
                        [](const Json& item) { return item.is_structured(); });
}

bool holdsObjects(const Json& value) {
    return value.is_array() && !value.empty() && value.front().is_object();
}

/// The pointers of all fields and lists: equal for documents that the same form can show.
void describe(const Json& value, const std::string& pointer, std::string& out) {
    out += pointer + "\n";
    if (value.is_object() || holdsObjects(value)) {
        std::size_t index = 0;
        for (auto item = value.begin(); item != value.end(); ++item, ++index) {
            const auto step = value.is_object() ? item.key() : std::to_string(index);
            if (pointer.empty() && step == "limits") continue;
            if (isOptional(pointer + "/" + step)) continue;
            describe(*item, pointer + "/" + step, out);
        }
    }
}

QString errorText(const base::Error& error, const std::string& pointer) {
    const bool here = error.where == pointer || error.where.starts_with(pointer + "/");
    return fromStd(base::toText(here ? base::Error{{}, error.what, error.advice} : error));
}

/// "chunk 3 · g1 depthwise": the heading of a part in a list.
QString partTitle(const Json& part, std::size_t index) {
    QString title = QString::number(index + 1);
    for (const char* key : {"name", "role"}) {
        if (!part.contains(key) || !part[key].is_string()) continue;
        const auto word = fromStd(part[key].get<std::string>());
        if (!title.contains(word)) title += QStringLiteral(" · ") + word;
    }
    return title;
}

QLabel* captionLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

QToolButton* smallButton(const QString& text, const QString& toolTip, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    button->setAutoRaise(true);
    return button;
}

}  // namespace

SpacesForm::SpacesForm(SpacesDocument& document, QWidget* parent)
    : QWidget(parent), m_document(document) {
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_content = new QWidget(this);
    new QVBoxLayout(m_content);
    scroll->setWidget(m_content);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
}

SpacesForm::~SpacesForm() { forgetFields(); }

/// A field that loses the focus because it is taken away commits; by then nobody may listen.
void SpacesForm::forgetFields() {
    for (const auto& [pointer, at] : m_fields) at->disconnect(this);
    m_fields.clear();
}

SpacesField* SpacesForm::field(const std::string& pointer) const {
    const auto found = m_fields.find(pointer);
    return found == m_fields.end() ? nullptr : found->second;
}

QString SpacesForm::messageAt(const std::string& pointer) const {
    if (const auto* at = field(pointer)) return at->hasError() ? at->messageLabel()->text() : "";
    const auto list = m_listMessages.find(pointer);
    return list == m_listMessages.end() ? QString() : list->second->text();
}

void SpacesForm::refresh() {
    std::string structure;
    describe(m_document.json(), "", structure);
    if (structure != m_structure) {
        m_structure = structure;
        build();
        showPending();
    }
    for (const auto& [pointer, label] : m_listMessages) label->hide();
    for (const auto& [pointer, at] : m_fields) {
        if (!m_document.errors().contains(pointer)) at->setValue(m_document.find(pointer));
    }
    showErrors();
}

void SpacesForm::applyTyped() {
    std::vector<std::string> typed;
    for (const auto& [pointer, at] : m_fields) {
        if (at->isDirty()) typed.push_back(pointer);
    }
    // Applying one can build the form anew.
    for (const auto& pointer : typed) {
        if (auto* at = field(pointer)) at->commitOnce();
    }
}

void SpacesForm::giveUpAll() {
    m_document.giveUpAll();
    for (const auto& [pointer, at] : m_fields) at->giveUp();
    refresh();
}

void SpacesForm::showPending() {
    for (const auto& [pointer, value] : m_document.pending()) {
        if (auto* at = field(pointer)) at->setValue(value ? &*value : nullptr);
    }
}

void SpacesForm::build() {
    const bool firstTime = m_fields.empty();
    forgetFields();
    m_listMessages.clear();
    delete m_content->layout();
    for (auto* old : m_content->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
        // A field may be in the middle of its own signal.
        old->hide();
        old->setParent(nullptr);
        old->deleteLater();
    }
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(4, 4, 6, 4);
    layout->setSpacing(2);
    if (firstTime) {
        for (int i = 0; i < 64; ++i) {
            m_folded.insert(QStringLiteral("/accelerator/chunks/%1").arg(i));
        }
    }
    addSections(layout);
    layout->addStretch(1);
}

void SpacesForm::addSections(QVBoxLayout* layout) {
    const auto& json = m_document.json();
    auto* general = addSection(QStringLiteral("general"), tr("Search"), layout);
    for (const char* key : {"name", "description", "seed"}) {
        if (json.contains(key)) addRow(general, std::string("/") + key, json[key]);
    }
    for (const char* key : {"data_set", "network", "accelerator", "device", "limits", "objective",
                            "search", "training"}) {
        if (!json.contains(key)) continue;
        const std::string pointer = std::string("/") + key;
        auto* section = addSection(fromStd(pointer), sectionTitle(key), layout);
        if (pointer == "/limits") {
            addLimits(section);
        } else if (json[key].is_object()) {
            addMembers(section, pointer, json[key]);
        } else {
            addRow(section, pointer, json[key]);
        }
    }
}

SpacesSection* SpacesForm::addSection(const QString& key, const QString& title,
                                      QVBoxLayout* layout) {
    auto* section = new SpacesSection(title, false, m_content);
    layout->addWidget(section);
    section->setOpen(!m_folded.contains(key));
    connect(section, &SpacesSection::toggled, this, [this, key](bool open) {
        if (open) {
            m_folded.remove(key);
        } else {
            m_folded.insert(key);
        }
    });
    return section;
}

void SpacesForm::addMembers(SpacesSection* section, const std::string& pointer,
                            const Json& object) {
    for (auto item = object.begin(); item != object.end(); ++item) {
        const std::string member = pointer + "/" + item.key();
        if (isOptional(member)) continue;
        addMember(section, member, *item);
        // It may be absent and stands beside the clock all the same.
        if (member == "/accelerator/clock_mhz") {
            addRow(section, kSharedDram, Json());
            m_fields[kSharedDram]->setPlaceholder(tr("not bounded"));
        }
    }
}

void SpacesForm::addMember(SpacesSection* section, const std::string& pointer, const Json& value) {
    if (isSmall(value)) {
        addTable(section, pointer, value);
    } else if (value.is_object()) {
        auto* title = captionLabel(fieldLabel(pointer), section->body());
        title->setContentsMargins(0, 6, 0, 0);
        section->grid()->addWidget(title, section->grid()->rowCount(), 0, 1, 3);
        addMembers(section, pointer, value);
    } else if (holdsObjects(value) && isSmall(value.front())) {
        addTable(section, pointer, value);
    } else if (holdsObjects(value)) {
        addParts(section, pointer, value);
    } else {
        addRow(section, pointer, value);
    }
}

QLabel* SpacesForm::makeMessage() {
    auto* message = new QLabel(m_content);
    message->setTextFormat(Qt::PlainText);
    message->setWordWrap(true);
    message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    message->hide();
    return message;
}

SpacesField* SpacesForm::makeField(const std::string& pointer, SpacesField::Kind kind,
                                   QLabel* message) {
    auto* made = new SpacesField(pointer, kind, message, m_content);
    connect(made, &SpacesField::edited, this, &SpacesForm::onEdited);
    connect(made, &SpacesField::committed, this, &SpacesForm::onCommitted);
    connect(made, &SpacesField::givenUp, this, &SpacesForm::onGivenUp);
    m_fields[pointer] = made;
    return made;
}

void SpacesForm::addRow(SpacesSection* section, const std::string& pointer, const Json& value) {
    auto* grid = section->grid();
    const int row = grid->rowCount();
    auto* label = new QLabel(fieldLabel(pointer), section->body());
    label->setToolTip(fieldToolTip(pointer));
    auto* message = makeMessage();
    auto* made = makeField(pointer, kindOf(pointer, value), message);
    label->setBuddy(made);
    const QString unit = fieldUnit(pointer);
    QWidget* beside = nullptr;
    if (!unit.isEmpty()) beside = captionLabel(unit, section->body());
    if (pointer == kFolder) beside = makeFolderButton(pointer);
    grid->addWidget(label, row, 0);
    grid->addWidget(made, row, 1, 1, beside ? 1 : 2);
    if (beside) grid->addWidget(beside, row, 2);
    grid->addWidget(message, row + 1, 0, 1, 3);
}

QToolButton* SpacesForm::makeFolderButton(const std::string& pointer) {
    auto* button = smallButton(tr("Browse…"), tr("Choose the folder of the data set"), m_content);
    connect(button, &QToolButton::clicked, this, [this, pointer] { chooseFolder(pointer); });
    return button;
}

void SpacesForm::chooseFolder(const std::string& pointer) {
    const auto* value = m_document.find(pointer);
    const QString now =
        value && value->is_string() ? fromStd(value->get<std::string>()) : QString();
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder of the data set"), now);
    // The form may have been built anew meanwhile.
    if (auto* at = field(pointer); at && !folder.isEmpty()) at->enter(folder);
}

void SpacesForm::addLimits(SpacesSection* section) {
    for (const auto& limit : spec::kLimits) {
        const std::string pointer = "/limits/" + std::string(limit.key);
        addRow(section, pointer, Json());
        m_fields[pointer]->setPlaceholder(limit.ofDevice ? tr("the device's") : tr("none"));
    }
}

void SpacesForm::addTable(SpacesSection* section, const std::string& pointer, const Json& rows) {
    auto* grid = section->grid();
    const int top = grid->rowCount();
    const bool list = rows.is_array();
    auto* label = new QLabel(fieldLabel(pointer), section->body());
    label->setAlignment(Qt::AlignLeft | Qt::AlignBottom);
    auto* table = new QGridLayout;
    table->setHorizontalSpacing(2);
    table->setVerticalSpacing(0);
    table->setContentsMargins(0, 4, 0, 2);
    const Json& sample = list ? rows.front() : rows;
    int column = 1;
    for (auto item = sample.begin(); item != sample.end(); ++item, ++column) {
        const std::string first = pointer + (list ? "/0/" : "/") + item.key();
        auto* caption = captionLabel(fieldLabel(first), section->body());
        caption->setToolTip(fieldToolTip(first));
        caption->setContentsMargins(4, 0, 0, 0);
        table->addWidget(caption, 0, column);
        table->setColumnStretch(column, 1);
    }
    if (list) {
        auto* add = smallButton(QStringLiteral("+"), tr("Repeat the last row"), section->body());
        connect(add, &QToolButton::clicked, this, [this, pointer] { changeList(pointer, true); });
        table->addWidget(add, 0, column);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            addTableRow(table, pointer + "/" + std::to_string(i), rows[i],
                        static_cast<int>(2 * i + 1), rows.size() > 1);
        }
        m_listMessages[pointer] = makeMessage();
        grid->addWidget(m_listMessages[pointer], top + 2, 0, 1, 3);
    } else {
        addTableRow(table, pointer, rows, 1, false);
    }
    if (list) {
        grid->addWidget(label, top, 0, 1, 3);
        grid->addLayout(table, top + 1, 0, 1, 3);
    } else {
        label->setContentsMargins(0, 0, 0, 10);
        grid->addWidget(label, top, 0);
        grid->addLayout(table, top, 1, 1, 2);
    }
}

void SpacesForm::addTableRow(QGridLayout* table, const std::string& pointer, const Json& object,
                             int row, bool removable) {
    auto* message = makeMessage();
    int column = 1;
    if (removable) {
        const auto number = pointer.substr(pointer.rfind('/') + 1);
        table->addWidget(captionLabel(QString::number(std::stoi(number) + 1), m_content), row, 0);
    }
    for (auto item = object.begin(); item != object.end(); ++item, ++column) {
        const std::string at = pointer + "/" + item.key();
        table->addWidget(makeField(at, kindOf(at, *item), message), row, column);
    }
    if (removable) {
        auto* remove = smallButton(QStringLiteral("−"), tr("Remove this row"), m_content);
        connect(remove, &QToolButton::clicked, this,
                [this, pointer] { changeList(pointer, false); });
        table->addWidget(remove, row, column);
    }
    table->addWidget(message, row + 1, 0, 1, column + 1);
}

void SpacesForm::addParts(SpacesSection* section, const std::string& pointer, const Json& parts) {
    auto* grid = section->grid();
    auto* head =
        new SpacesSection(QStringLiteral("%1 (%2)").arg(fieldLabel(pointer)).arg(parts.size()),
                          true, section->body());
    grid->addWidget(head, grid->rowCount(), 0, 1, 3);
    auto* add = head->addButton(QStringLiteral("+"), tr("Repeat the last one"));
    connect(add, &QToolButton::clicked, this, [this, pointer] { changeList(pointer, true); });
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string at = pointer + "/" + std::to_string(i);
        const QString key = fromStd(at);
        auto* part = new SpacesSection(partTitle(parts[i], i), true, head->body());
        head->grid()->addWidget(part, head->grid()->rowCount(), 0, 1, 3);
        addMembers(part, at, parts[i]);
        if (parts.size() > 1) {
            auto* remove = part->addButton(QStringLiteral("−"), tr("Remove this one"));
            connect(remove, &QToolButton::clicked, this, [this, at] { changeList(at, false); });
        }
        part->setOpen(!m_folded.contains(key));
        connect(part, &SpacesSection::toggled, this, [this, key](bool open) {
            if (open) {
                m_folded.remove(key);
            } else {
                m_folded.insert(key);
            }
        });
    }
    m_listMessages[pointer] = makeMessage();
    grid->addWidget(m_listMessages[pointer], grid->rowCount(), 0, 1, 3);
}

void SpacesForm::onEdited(SpacesField* field) {
    const auto error = m_document.judge(field->pointer(), field->value());
    if (error) {
        field->showError(errorText(*error, field->pointer()));
        return;
    }
    field->clearError();
    for (const auto& [pointer, other] : m_document.errors()) {
        auto* neighbour = this->field(pointer);
        if (neighbour && neighbour != field && neighbour->messageLabel() == field->messageLabel()) {
            neighbour->showError(errorText(other, pointer));
        }
    }
}

void SpacesForm::onCommitted(SpacesField* field) {
    const std::string pointer = field->pointer();
    const bool changed = m_document.set(pointer, field->value());
    refresh();
    if (changed) Q_EMIT specificationChanged(tr("Change %1").arg(fieldPath(pointer)));
}

void SpacesForm::onGivenUp(SpacesField* field) {
    m_document.giveUp(field->pointer());
    refresh();
}

void SpacesForm::changeList(const std::string& pointer, bool add) {
    if (auto* typing = focusWidget()) typing->clearFocus();  // commits what is being typed
    std::optional<base::Error> error;
    const std::string list = add ? pointer : pointer.substr(0, pointer.rfind('/'));
    const bool changed =
        add ? m_document.repeatLast(pointer, error) : m_document.remove(pointer, error);
    // The button that was pressed lives in the form: rebuild it only when its signal has returned.
    QMetaObject::invokeMethod(
        this,
        [this, list, error, changed, add] {
            refresh();
            const auto message = m_listMessages.find(list);
            if (error && message != m_listMessages.end()) {
                auto palette = message->second->palette();
                palette.setColor(QPalette::WindowText, themeOf(this->palette()).error);
                message->second->setPalette(palette);
                message->second->setText(errorText(*error, list));
                message->second->show();
            }
            if (!changed) return;
            const auto what = fieldPath(list);
            Q_EMIT specificationChanged(add ? tr("Add to %1").arg(what)
                                            : tr("Remove from %1").arg(what));
        },
        Qt::QueuedConnection);
}

void SpacesForm::showErrors() {
    for (const auto& [pointer, at] : m_fields) {
        if (!m_document.errors().contains(pointer) && !at->isDirty()) at->clearError();
    }
    for (const auto& [pointer, error] : m_document.errors()) {
        if (auto* at = field(pointer)) at->showError(errorText(error, pointer));
    }
}

}  // namespace cohelix::ui
