// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Questions of one kind to a worker, of which only the last counts: one that is still waiting when
// a later one comes is never begun, and its answer is dropped where it was begun already.

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "ui/hub/worker.h"

namespace cohelix::ui {

class Latest {
public:
    /// Answers come on the thread of `receiver`. The worker must outlive it.
    Latest(Worker& worker, QObject* receiver)
        : m_worker(worker), m_mailbox(std::make_shared<Mailbox>(receiver)) {}
    ~Latest() {
        drop();
        m_mailbox->close();
    }
    Latest(const Latest&) = delete;
    Latest& operator=(const Latest&) = delete;

    /// `work()` is called on the worker and must hold all that it needs; `then(answer)` afterwards
    /// on the receiver's thread.
    template <typename Work, typename Then>
    void ask(Work work, Then then) {
        m_worker.post([mine = ++*m_asked, asked = m_asked, mailbox = m_mailbox,
                       work = std::move(work), then = std::move(then)] {
            if (mine != *asked) return;
            auto answer = std::make_shared<decltype(work())>(work());
            mailbox->deliver([mine, asked, then, answer] {
                if (mine == *asked) then(*answer);
            });
        });
    }
    /// Nobody waits for the last one any more.
    void drop() { ++*m_asked; }

private:
    Worker& m_worker;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<std::atomic<std::int64_t>> m_asked =
        std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace cohelix::ui
