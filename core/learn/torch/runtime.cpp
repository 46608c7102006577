// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/torch/runtime.h"

#include <mutex>
#include <new>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "core/base/platform/process.h"
#include "core/learn/torch/module.h"

namespace cohelix::learn {
namespace {

void prepareProcess() {
    // OpenBLAS would start a pool of its own and take cores from the shards.
    using SetThreads = void (*)(int);
    if (void* symbol = platform::symbolOfProgram("openblas_set_num_threads")) {
        reinterpret_cast<SetThreads>(symbol)(1);
    }
#ifdef __GLIBC__
    // Every step allocates the same activations: fetching them anew by mmap costs a page fault for
    // each 4 KiB.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace

void prepareThread() {
    static std::once_flag once;
    std::call_once(once, prepareProcess);
    thread_local bool ready = false;
    if (ready) return;
    at::set_num_threads(1);
    ready = true;
}

base::Error torchError(const std::exception& failure) {
    if (dynamic_cast<const std::bad_alloc*>(&failure)) {
        return {"training", "there is not enough memory", "Use a smaller batch or network"};
    }
    std::string text = failure.what();
    text.resize(std::min(text.find('\n'), text.size()));  // the rest is a stack trace
    return {"training", "LibTorch failed: " + text, "Use a smaller batch or network"};
}

at::Device deviceOf(spec::Processor processor) {
    const bool cuda =
        processor == spec::Processor::Cuda || (processor == spec::Processor::Auto && at::hasCUDA());
    return cuda ? at::kCUDA : at::kCPU;
}

base::Result<void> torch_module::checkProcessor(spec::Processor processor) {
    if (processor != spec::Processor::Cuda || at::hasCUDA()) return {};
    return base::Error{"/search/device", "LibTorch " TORCH_VERSION " finds no CUDA on this machine",
                       "Use cpu or auto, or build with a LibTorch for CUDA where its driver is "
                       "installed"};
}

}  // namespace cohelix::learn
