// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/executor.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "core/base/platform/process.h"

namespace cohelix::base {

int availableCores() { return platform::availableCores(); }

int usableThreads(int wanted) {
    return wanted >= 1 && wanted <= kMostThreads ? wanted : availableCores();
}

struct Executor::State {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable done;
    const std::function<void(std::size_t)>* work = nullptr;
    std::size_t count = 0;
    std::size_t next = 0;
    std::size_t running = 0;
    std::size_t failedItem = 0;
    std::exception_ptr failure;
    bool stopping = false;
    /// The house's pool: rooms that only compute (cost, mapping, learn) take an executor and start
    /// no threads of their own; jobs have theirs in core/run.
    std::vector<std::thread> threads;

    /// Takes items until none is left; `lock` is held on entry and exit.
    void workOff(std::unique_lock<std::mutex>& lock) {
        while (work && next < count) {
            const std::size_t item = next++;
            const auto* task = work;
            ++running;
            lock.unlock();
            std::exception_ptr thrown;
            try {
                (*task)(item);
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            if (thrown && (!failure || item < failedItem)) {
                failure = thrown;
                failedItem = item;
            }
            if (--running == 0 && next >= count) done.notify_all();
        }
    }

    /// What a started thread does until the executor ends.
    void serve(bool lowPriority) {
        if (lowPriority) platform::lowerThreadPriority();
        std::unique_lock lock(mutex);
        while (!stopping) {
            workOff(lock);
            if (!stopping) wake.wait(lock);
        }
    }
};

Executor::Executor(int threads, bool lowPriority) : m_state(std::make_unique<State>()) {
    // Starting one may throw. Those that have started must then be joined, and they are enough: the
    // calling thread works too, and results do not depend on how many there are.
    try {
        for (int i = 1; i < std::min(threads, kMostThreads); ++i) {
            m_state->threads.emplace_back(
                [state = m_state.get(), lowPriority] { state->serve(lowPriority); });
        }
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    }
}

Executor::~Executor() {
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->stopping = true;
    }
    m_state->wake.notify_all();
    for (auto& thread : m_state->threads) thread.join();
}

int Executor::threads() const { return static_cast<int>(m_state->threads.size()) + 1; }

void Executor::forEach(std::size_t count, const std::function<void(std::size_t)>& work) {
    if (count == 0) return;
    std::unique_lock lock(m_state->mutex);
    m_state->work = &work;
    m_state->count = count;
    m_state->next = 0;
    m_state->failure = nullptr;
    m_state->wake.notify_all();
    m_state->workOff(lock);
    m_state->done.wait(lock, [this] { return m_state->running == 0; });
    m_state->work = nullptr;
    if (m_state->failure) std::rethrow_exception(m_state->failure);
}

}  // namespace cohelix::base
