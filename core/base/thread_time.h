// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How long a piece of work kept its processor, whoever else used the machine meanwhile.

namespace cohelix::base {

/// Seconds that the calling thread has computed so far; differences are what counts. Where the
/// system does not say, seconds on the wall clock.
double threadSeconds();

/// The same for all threads of this process together.
double processSeconds();

}  // namespace cohelix::base
