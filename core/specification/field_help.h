// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What each field of a specification means, for help texts and forms.

#include <string>
#include <vector>

namespace cohelix::spec {

/// A documented field of the specification, for help texts and the form.
struct FieldHelp {
    std::string pointer;  ///< "/search/batch"; list elements as "*": "/accelerator/chunks/*/tm"
    std::string meaning;
    std::string unit;
    std::string label;                 ///< for a form; empty: its key, spoken
    std::string shortUnit;             ///< beside the field of a form
    std::vector<std::string> options;  ///< the words that it may be; empty: it is free
    bool optional = false;             ///< may be absent
    bool fixed = false;                ///< other fields depend on it in their kind
};
/// All of them, in the order of the document.
const std::vector<FieldHelp>& fieldHelp();

}  // namespace cohelix::spec
