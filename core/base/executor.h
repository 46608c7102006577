// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one worker pool. A job owns an Executor and hands it to whatever can use several cores
// (training shards, mapping, cost). Work is cut by the caller into a fixed number of items, never
// by the number of threads, so that results do not depend on it.

#include <cstddef>
#include <functional>
#include <memory>

namespace cohelix::base {

/// Cores this process may use.
int availableCores();

/// More bring nothing on any machine there is.
constexpr int kMostThreads = 1024;
/// `wanted` where it is from 1 to kMostThreads, otherwise one a core: a number from a file may be
/// none, or damaged.
int usableThreads(int wanted);

class Executor {
public:
    /// `threads` >= 1 counts the calling thread, which works too; the others are started here, as
    /// many as the system allows and no more than kMostThreads: threads() says how many it were.
    /// With `lowPriority` the started threads run below interactive ones.
    explicit Executor(int threads, bool lowPriority = true);
    ~Executor();
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    int threads() const;

    /// Runs work(0) … work(count-1), each once, in any order and on any of the threads; returns
    /// when all have ended. Called by one thread at a time; must not be nested. If items throw,
    /// the exception of the lowest item is rethrown here after all have ended.
    void forEach(std::size_t count, const std::function<void(std::size_t)>& work);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace cohelix::base
