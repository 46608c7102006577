// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/units.h"

#include "ui/hub/theme.h"
#include "ui/views/spaces/spaces_form.h"
#include "ui/views/spaces/spaces_labels.h"
#include "ui/views/spaces/spaces_text.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QString powerOfTen(double log10) {
    return QStringLiteral("10<sup>%1</sup>").arg(fromStd(base::fixed(log10, 2)));
}

}  // namespace

QString spaceSizeText(const std::vector<hardware::Choice>& choices) {
    if (choices.empty()) return QStringLiteral("1");
    const double size = hardware::log10Size(choices);
    const auto options = choices.front().options.size();
    const bool alike = std::all_of(choices.begin(), choices.end(), [&](const auto& choice) {
        return choice.options.size() == options;
    });
    if (!alike) return powerOfTen(size);
    return QStringLiteral("%1<sup>%2</sup> = %3")
        .arg(options)
        .arg(choices.size())
        .arg(powerOfTen(size));
}

SpacesView::SpacesView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_hub(context.hub),
      m_presets(new QPushButton(this)),
      m_sizes(new QLabel(this)),
      m_message(new QLabel(this)),
      m_tabs(new QTabWidget(this)),
      m_form(new SpacesForm(m_document, this)),
      m_text(new SpacesText(this)) {
    m_presets->setText(tr("Presets"));
    m_presets->setToolTip(tr("Replace the specification by one of those that come with Cohelix"));
    m_presets->setMenu(new QMenu(m_presets));
    m_sizes->setTextFormat(Qt::RichText);
    m_sizes->setWordWrap(true);
    m_sizes->setObjectName(QStringLiteral("spaceSizes"));
    m_message->setWordWrap(true);
    m_message->hide();
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_form, tr("Form"));
    m_tabs->addTab(m_text, tr("Text"));

    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 6, 6, 2);
    top->addWidget(m_sizes, 1);
    top->addWidget(m_presets, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(top);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_message);

    connect(m_presets->menu(), &QMenu::aboutToShow, this, &SpacesView::fillPresets);
    connect(m_form, &SpacesForm::specificationChanged, this, &SpacesView::onFormChanged);
    connect(m_text, &SpacesText::specificationTyped, this, &SpacesView::onTextTyped);
    followHub();
}

void SpacesView::followHub() {
    Edits& edits = m_hub.edits();
    connect(&edits, &Edits::changed, this,
            [this, &edits] { setSpecification(edits.specification()); });
    edits.addDraft(this, [this] { return applyTyped(); });
    connect(&m_hub.check(), &SpecificationCheck::changed, this, &SpacesView::showSizes);
    connect(&m_hub.document(), &Document::loaded, this, &SpacesView::takeProject);
    setEditable(false);
    if (m_hub.document().isOpen()) takeProject({});
}

void SpacesView::takeProject(const Contents& contents) {
    const Document& document = m_hub.document();
    if (!contents.isCopy) startOver(m_hub.edits().specification());
    setEditable(document.isOpen() && !document.readOnly());
}

void SpacesView::handOut(const spec::Specification& specification, const QString& what) {
    m_hub.edits().edit(specification, what, what);
}

SpacesView::~SpacesView() {
    delete m_form;  // it refers to the document, which would go first
}

void SpacesView::fillPresets() {
    auto* menu = m_presets->menu();
    menu->clear();
    for (const auto& preset : spec::presets()) {
        auto* action = menu->addAction(fromStd(preset.name + "  -  " + preset.summary));
        connect(action, &QAction::triggered, this,
                [this, name = preset.name] { takePreset(name); });
    }
}

void SpacesView::takePreset(const std::string& name) {
    const auto preset = spec::preset(name);
    if (!preset) {
        m_message->setText(fromStd(base::toText(preset.error())));
        m_message->show();
        return;
    }
    m_message->hide();
    setSpecification(*preset);
    handOut(*preset, tr("Take preset %1").arg(fromStd(name)));
}

void SpacesView::setSpecification(const spec::Specification& specification) {
    m_document.setSpecification(specification);
    m_form->refresh();
    m_text->setSpecification(specification);
    showSizes();
}

void SpacesView::startOver(const spec::Specification& specification) {
    m_document.setSpecification(specification);
    m_form->giveUpAll();
    m_text->startOver(specification);
    showSizes();
}

bool SpacesView::hasDraft() const { return !m_document.errors().empty() || m_text->hasDraft(); }

base::Result<void> SpacesView::applyTyped() {
    m_form->applyTyped();
    m_text->applyTyped();
    if (!m_document.errors().empty()) {
        const auto& [pointer, error] = *m_document.errors().begin();
        return base::Error{
            fieldPath(pointer).toStdString(), error.what,
            tr("Correct this field, or press Escape in it to give it up").toStdString()};
    }
    if (const auto& error = m_text->draftError()) {
        return base::Error{tr("line %1 of the text").arg(m_text->errorLine() + 1).toStdString(),
                           error->what, tr("Correct the text, or give it up").toStdString()};
    }
    return {};
}

void SpacesView::setEditable(bool editable) {
    m_form->setEnabled(editable);
    m_text->editor().setReadOnly(!editable);
    m_presets->setEnabled(editable);
}

void SpacesView::onFormChanged(const QString& what) {
    const auto specification = m_document.specification();
    m_text->setSpecification(specification);
    showSizes();
    handOut(specification, what);
}

void SpacesView::onTextTyped(const spec::Specification& specification) {
    m_document.setSpecification(specification);
    m_form->refresh();
    showSizes();
    handOut(specification, tr("Edit the specification's text"));
}

void SpacesView::showSizes() {
    const auto& specification = m_document.specification();
    const auto networks = spec::networkChoices(specification.network);
    const auto accelerators = hardware::acceleratorChoices(specification.accelerator);
    const double acceleratorSize = hardware::log10Size(specification.accelerator);
    m_sizes->setText(
        tr("<table cellspacing=\"0\" cellpadding=\"2\"><tr><td><b>Networks</b></td><td>%1</td></tr>"
           "<tr><td><b>Accelerators&nbsp;</b></td><td>%2</td></tr>"
           "<tr><td><b>Pairs</b></td><td>%3</td></tr>"
           "<tr><td colspan=\"2\">%4</td></tr>%5</table>")
            .arg(spaceSizeText(networks), powerOfTen(acceleratorSize),
                 powerOfTen(hardware::log10Size(networks) + acceleratorSize),
                 counted(static_cast<std::int64_t>(networks.size() + accelerators.size()),
                         "choice to make", "choices to make"),
                 misfitRow()));
}

QString SpacesView::misfitRow() const {
    const auto& problem = m_hub.check().problem();
    if (!problem) return {};
    return QStringLiteral(
               "<tr><td colspan=\"2\"><span style=\"color:%1\"><b>%2</b> %3</span></td></tr>")
        .arg(themeOf(palette()).error.name(), tr("No search can start."),
             fromStd(base::toText(*problem)).toHtmlEscaped());
}

}  // namespace cohelix::ui
