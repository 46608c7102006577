// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How this program runs LibTorch: one thread of it on each of ours, no global generator, no
// exceptions beyond the room.

#include <exception>
#include <string>
#include <utility>

#include <ATen/core/Tensor.h>

#include "core/base/result.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

/// Once a process: tames the BLAS library's own threads and keeps big buffers from going back to
/// the system after every step. Then, once a thread: one LibTorch thread.
void prepareThread();

/// Where a processor's passes run.
at::Device deviceOf(spec::Processor processor);

base::Error torchError(const std::exception& failure);

/// The result of `work`, or its exception as an Error.
template <typename T, typename Work>
base::Result<T> guarded(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const std::exception& failure) {
        return torchError(failure);
    }
}

}  // namespace cohelix::learn
