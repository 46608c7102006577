// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Fields of the data set and of the network space. Private to the room.
//
// Each is defined for the three visitors of field_visitors.h.

namespace cohelix::spec {

inline constexpr int kMostPixels = 4096;  ///< rows or columns of an image

template <typename Visitor, typename T>
void dataSetFields(Visitor& v, T& data);
template <typename Visitor, typename T>
void networkFields(Visitor& v, T& space);

}  // namespace cohelix::spec
