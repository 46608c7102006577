// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/bridge.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace cohelix::ui {

class Bridge::Collector : public run::Listener {
public:
    explicit Collector(std::function<void()> wake) : m_wake(std::move(wake)) {}

    void progressed(const run::Progress& progress) override {
        add([&] { replace(m_batch.progress, progress, &run::Progress::run); });
    }

    void designsChanged(std::int64_t, const std::vector<store::DesignRow>& designs) override {
        add([&] {
            for (const store::DesignRow& row : designs) addDesign(row);
        });
    }

    void runChanged(const store::RunRow& row) override {
        add([&] { replace(m_batch.runs, row, &store::RunRow::id); });
    }

    void logged(const store::Event& event) override {
        add([&] { m_batch.events.push_back(event); });
    }

    void steered(std::int64_t run, const std::vector<store::SteeringRow>& changes) override {
        add([&] { m_batch.steering[run] = changes; });
    }

    Batch take() {
        const std::lock_guard lock(m_mutex);
        m_asked = false;
        m_designPlaces.clear();
        return std::exchange(m_batch, Batch{});
    }

private:
    template <typename Change>
    void add(const Change& change) {
        const std::lock_guard lock(m_mutex);
        change();
        if (!std::exchange(m_asked, true)) m_wake();
    }

    template <typename T>
    static void replace(std::vector<T>& list, const T& item, std::int64_t T::*identity) {
        const auto same = [&](const T& other) { return other.*identity == item.*identity; };
        const auto found = std::find_if(list.begin(), list.end(), same);
        if (found == list.end()) {
            list.push_back(item);
        } else {
            *found = item;
        }
    }

    void addDesign(const store::DesignRow& row) {
        const auto [place, isNew] = m_designPlaces.try_emplace(row.id, m_batch.designs.size());
        if (isNew) {
            m_batch.designs.push_back(row);
        } else {
            m_batch.designs[place->second] = row;
        }
    }

    std::function<void()> m_wake;
    std::mutex m_mutex;
    Batch m_batch;
    std::unordered_map<std::int64_t, std::size_t> m_designPlaces;
    bool m_asked = false;  ///< the receiver knows that there is something
};

Bridge::Bridge(QObject* parent) : QObject(parent), m_mailbox(std::make_shared<Mailbox>(this)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(kBatchInterval);
    connect(&m_timer, &QTimer::timeout, this, &Bridge::flush);
}

Bridge::~Bridge() { m_mailbox->close(); }

std::shared_ptr<run::Listener> Bridge::newListener() {
    const auto mailbox = m_mailbox;
    return std::make_shared<Collector>([this, mailbox] { mailbox->deliver([this] { wake(); }); });
}

void Bridge::attach(const std::shared_ptr<run::Listener>& listener) {
    m_timer.stop();
    m_collector = std::static_pointer_cast<Collector>(listener);
    if (m_collector) flush();
}

void Bridge::wake() {
    // Waiting for the interval to end also when idle lets the first reports of a burst gather.
    if (!m_timer.isActive()) m_timer.start();
}

void Bridge::flush() {
    if (!m_collector) return;
    Q_EMIT batchReady(m_collector->take());
}

}  // namespace cohelix::ui
