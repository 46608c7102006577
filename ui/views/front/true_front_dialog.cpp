// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/true_front_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/specification/accelerator_presets.h"

#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

constexpr double kMostResources = 1e6;
constexpr const char* kTrained = "trained";

std::string textOf(const QComboBox& box) { return box.currentData().toString().toStdString(); }

void add(QComboBox& box, std::string_view name, const QString& text, const std::string& chosen) {
    box.addItem(text, fromStd(name));
    if (name == chosen) box.setCurrentIndex(box.count() - 1);
}

QDoubleSpinBox* countBox(double value, const QString& help, QWidget* parent) {
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(1, kMostResources);
    box->setDecimals(0);
    box->setGroupSeparatorShown(true);
    box->setValue(value);
    box->setToolTip(help);
    return box;
}

}  // namespace

TrueFrontDialog::TrueFrontDialog(const tables::FrontRequest& request, QWidget* parent)
    : QDialog(parent),
      m_specification(request.specification),
      m_form(new QFormLayout),
      m_benchmark(new QComboBox(this)),
      m_dataSet(new QComboBox(this)),
      m_table(new QLineEdit(QString::fromStdString(request.table), this)),
      m_space(new QComboBox(this)),
      m_model(new QComboBox(this)),
      m_dsp(countBox(request.limits.dsp, tr("DSP slices that an accelerator may use"), this)),
      m_bram18k(
          countBox(request.limits.bram18k, tr("Block RAMs of 18 Kbit that it may use"), this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel, this)) {
    setWindowTitle(tr("Compute true front"));
    add(*m_benchmark, "nasbench-macro", tr("NAS-Bench-Macro (6,561 networks)"), request.benchmark);
    add(*m_benchmark, "nasbench201", tr("NAS-Bench-201 (15,625 cells)"), request.benchmark);
    if (m_specification) {
        add(*m_benchmark, kTrained,
            tr("Trained: the networks of “%1”").arg(QString::fromStdString(m_specification->name)),
            request.benchmark);
    }
    for (const auto name : tables::nasBench201DataSets()) {
        add(*m_dataSet, name, fromStd(name), request.dataSet);
    }
    for (const auto& preset : spec::acceleratorPresets()) {
        add(*m_space, preset.name,
            fromStd(preset.name) + QStringLiteral(": ") + fromStd(preset.summary), request.space);
    }
    for (const auto form : base::kValues<model::FpgaModel>) {
        add(*m_model, word(form), fromStd(word(form)), std::string(word(request.model)));
    }

    auto* about = new QLabel(
        tr("Of every network of a table the fastest accelerator of a space within the limits, "
           "proven, and of these pairs those that no other beats in accuracy and FPS. The project "
           "keeps the front, and the plot draws it as the reference."),
        this);
    about->setWordWrap(true);
    auto* browse = new QPushButton(tr("&Browse…"), this);
    auto* file = new QHBoxLayout;
    file->addWidget(m_table, 1);
    file->addWidget(browse);
    m_form->addRow(tr("Be&nchmark"), m_benchmark);
    auto* table = new QLabel(tr("&Table (CSV)"), this);
    table->setBuddy(m_table);
    m_form->addRow(table, file);
    m_form->addRow(tr("Data &set"), m_dataSet);
    m_form->addRow(tr("&Accelerators"), m_space);
    m_form->addRow(tr("FPGA &model"), m_model);
    m_form->addRow(tr("&DSP limit"), m_dsp);
    m_form->addRow(tr("B&RAM18K limit"), m_bram18k);
    m_buttons->addButton(tr("&Compute"), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(about);
    layout->addLayout(m_form);
    layout->addWidget(m_buttons);

    connect(browse, &QPushButton::clicked, this, &TrueFrontDialog::chooseTable);
    connect(m_benchmark, &QComboBox::currentIndexChanged, this, &TrueFrontDialog::updateState);
    connect(m_table, &QLineEdit::textChanged, this, &TrueFrontDialog::updateState);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    updateState();
}

tables::FrontRequest TrueFrontDialog::request() const {
    tables::FrontRequest request;
    request.table = m_table->text().toStdString();
    request.benchmark = textOf(*m_benchmark);
    request.dataSet = textOf(*m_dataSet);
    if (isTrained()) request.specification = m_specification;
    request.space = textOf(*m_space);
    if (const auto form = base::valueOf<model::FpgaModel>(textOf(*m_model))) request.model = *form;
    request.limits.dsp = m_dsp->value();
    request.limits.bram18k = m_bram18k->value();
    return request;
}

void TrueFrontDialog::chooseTable() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Table of accuracies"), QFileInfo(m_table->text()).path(), tr("Tables (*.csv)"));
    if (!path.isEmpty()) m_table->setText(path);
}

bool TrueFrontDialog::isTrained() const { return textOf(*m_benchmark) == kTrained; }

void TrueFrontDialog::updateState() {
    const bool cells = textOf(*m_benchmark) == "nasbench201";
    m_form->setRowVisible(m_dataSet, cells);
    m_table->setPlaceholderText(isTrained() ? tr("made by cohelix-cli tabulate")
                                : cells     ? tr("with the columns cell and cifar10_acc, …")
                                            : tr("with the columns arch and acc_mean"));
    // A trained table is of one specification, with its accelerators and limits.
    for (QWidget* box : std::initializer_list<QWidget*>{m_space, m_model, m_dsp, m_bram18k}) {
        m_form->setRowVisible(box, !isTrained());
    }
    for (QAbstractButton* button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) != QDialogButtonBox::AcceptRole) continue;
        button->setEnabled(!m_table->text().isEmpty());
    }
}

void askForTrueFront(const ViewContext& context, QWidget* parent) {
    const QString table = QStringLiteral("trueFront/table");
    const QString benchmark = QStringLiteral("trueFront/benchmark");
    QSettings& settings = context.settings;
    tables::FrontRequest last;
    last.specification =
        std::make_shared<const spec::Specification>(context.hub.edits().specification());
    last.table = settings.value(table).toString().toStdString();
    last.benchmark =
        settings.value(benchmark, QString::fromStdString(last.benchmark)).toString().toStdString();
    TrueFrontDialog dialog(last, parent);
    if (dialog.exec() != QDialog::Accepted) return;
    const tables::FrontRequest request = dialog.request();
    settings.setValue(table, QString::fromStdString(request.table));
    settings.setValue(benchmark, QString::fromStdString(request.benchmark));
    context.hub.references().compute(request);
}

}  // namespace cohelix::ui
