// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Fields of the limits, the objective, the search and the training. Private to the room.
//
// Each is defined for the three visitors of field_visitors.h.

namespace cohelix::spec {

template <typename Visitor, typename T>
void limitFields(Visitor& v, T& limits);
template <typename Visitor, typename T>
void objectiveFields(Visitor& v, T& objective);
template <typename Visitor, typename T>
void searchFields(Visitor& v, T& recipe);
template <typename Visitor, typename T>
void trainingFields(Visitor& v, T& recipe);

}  // namespace cohelix::spec
