// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_view.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/base/units.h"

#include "ui/views/design/accelerator_bars.h"
#include "ui/views/design/accelerator_card.h"
#include "ui/views/design/accelerator_flow.h"
#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_facts.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

ChunkCardData cardData(const DesignDetails& details, std::size_t chunk) {
    ChunkCardData card;
    card.chunk = static_cast<int>(chunk);
    card.name = chunkLabel(details.accelerator, chunk);
    const auto role = fromStd(word(chunkRole(details.accelerator, chunk)));
    if (!card.name.contains(role)) card.role = role;
    card.array = arrayShape(details.accelerator, details.cost, chunk);
    card.facts = chunkFacts(details.accelerator, details.cost, chunk);
    card.periodCycles = details.cost.periodCycles;
    if (chunk < details.cost.chunks.size()) card.cycles = details.cost.chunks[chunk].cycles;
    card.slowest = slowestChunk(details.cost) == card.chunk;
    return card;
}

QString summaryText(const DesignDetails& details) {
    const bool pipeline = details.accelerator.isPipeline();
    const auto chunks = static_cast<std::int64_t>(details.accelerator.chunkCount());
    auto text =
        DesignWords::tr("%1 of %2 on %3 at %4 MHz")
            .arg(pipeline ? DesignWords::tr("Pipeline") : DesignWords::tr("Loop-nest array"),
                 counted(chunks, "chunk", "chunks"), fromStd(details.specification.device.name),
                 fromStd(base::exact(details.accelerator.clockMhz)));
    if (!details.cost.model.empty()) text += QStringLiteral("; ") + fromStd(details.cost.model);
    return text;
}

}  // namespace

void showResources(const DesignDetails& details, ResourceBar& dsp, ResourceBar& bram) {
    std::vector<ResourceShare> dspShares;
    std::vector<ResourceShare> bramShares;
    for (std::size_t i = 0; i < details.cost.chunks.size(); ++i) {
        const auto name = i < details.accelerator.chunkCount() ? chunkLabel(details.accelerator, i)
                                                               : QString::number(i + 1);
        const auto& chunk = details.cost.chunks[i];
        dspShares.push_back({name, chunk.dsp, static_cast<int>(i)});
        bramShares.push_back({name, chunk.bram18k, static_cast<int>(i)});
    }
    if (dspShares.empty()) {
        dspShares.push_back({DesignWords::tr("all chunks"), details.row.dsp, 0});
        bramShares.push_back({DesignWords::tr("all chunks"), details.row.bram18k, 0});
    }
    const bool fpga = details.specification.device.kind == model::DeviceKind::Fpga;
    dsp.setShares(std::move(dspShares), fpga ? spec::resourceLimits(details.specification).dsp : 0);
    bram.setShares(std::move(bramShares),
                   fpga ? spec::resourceLimits(details.specification).bram18k : 0);
    dsp.setVisible(fpga);
    bram.setVisible(fpga);
}

AcceleratorView::AcceleratorView(QWidget* parent)
    : QWidget(parent),
      m_summary(new QLabel(this)),
      m_dsp(new ResourceBar(QStringLiteral("DSP"), this)),
      m_bram(new ResourceBar(QStringLiteral("BRAM18K"), this)),
      m_flow(new AcceleratorFlow(this)) {
    m_summary->setObjectName(QStringLiteral("acceleratorSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    auto* content = new QWidget(this);
    auto* inside = new QVBoxLayout(content);
    inside->setContentsMargins(8, 6, 8, 8);
    inside->setSpacing(6);
    inside->addWidget(m_summary);
    inside->addWidget(m_dsp);
    inside->addWidget(m_bram);
    inside->addWidget(m_flow);
    inside->addStretch(1);

    auto* scroll = new QScrollArea(this);
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setBackgroundRole(QPalette::Base);
    content->setBackgroundRole(QPalette::Base);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
}

void AcceleratorView::setDesign(const DesignDetails& details) {
    m_summary->setText(summaryText(details));
    showResources(details, *m_dsp, *m_bram);
    std::vector<ChunkCard*> cards;
    for (std::size_t i = 0; i < details.accelerator.chunkCount(); ++i) {
        cards.push_back(new ChunkCard(cardData(details, i)));
    }
    m_flow->setCards(std::move(cards), details.accelerator.isPipeline());
}

}  // namespace cohelix::ui
