// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Fields of the accelerator space and of the device. Private to the room.
//
// Each is defined for the three visitors of field_visitors.h.

namespace cohelix::spec {

/// `blocks` of the network that its layers come from.
template <typename Visitor, typename T>
void acceleratorFields(Visitor& v, T& space, int blocks);
/// A device of one's own; of those that are known the name is enough.
template <typename Visitor, typename T>
void deviceFields(Visitor& v, T& device);

}  // namespace cohelix::spec
