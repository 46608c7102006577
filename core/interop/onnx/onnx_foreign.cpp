// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/onnx/onnx_foreign.h"

#include <array>

#include "core/base/lfs_pointer.h"

namespace cohelix::interop {
namespace {

struct Form {
    std::size_t at;
    std::string_view mark;
    std::string_view name;
    std::string_view advice;
};

using namespace std::string_view_literals;

constexpr std::string_view kExport = "Export the network as ONNX";

constexpr std::array<Form, 13> kForms = {{
    {4, "TFL3"sv, "a TensorFlow Lite model", "Convert it to ONNX (tf2onnx --tflite)"},
    {4, "ORTM"sv, "a model in onnxruntime's own form", "Give the ONNX model that it was made from"},
    {0, base::kLfsPointer, "a pointer of Git LFS in place of the file", base::kFetchFromLfs},
    {0, "PK\x03\x04"sv, "a zip archive: a model of PyTorch or Keras, or a packed one",
     "Export the network as ONNX, or unpack it"},
    {0, "\x80\x02"sv, "a Python pickle, as PyTorch saves weights", "Export the network as ONNX"},
    {0, "\x89HDF\r\n"sv, "an HDF5 file, as Keras saves models", "Convert it to ONNX (tf2onnx)"},
    {0, "GGUF"sv, "a GGUF model", kExport},
    {0, "\x1f\x8b"sv, "packed with gzip", "Unpack it"},
    {0, "\x89PNG"sv, "a picture", kExport},
    {0, "7767517\n"sv, "a network of ncnn", kExport},
    {0, "<!DOCTYPE"sv, "a page of the web in place of the file",
     "Fetch the file itself, not the page that shows it"},
    {0, "<html"sv, "a page of the web in place of the file",
     "Fetch the file itself, not the page that shows it"},
    {0, "<?xml"sv, "an XML file, as OpenVINO has", kExport},
}};

}  // namespace

std::optional<ForeignForm> foreignForm(std::string_view bytes) {
    for (const auto& form : kForms) {
        if (bytes.size() < form.at || !bytes.substr(form.at).starts_with(form.mark)) continue;
        return ForeignForm{std::string(form.name), std::string(form.advice)};
    }
    return std::nullopt;
}

}  // namespace cohelix::interop
