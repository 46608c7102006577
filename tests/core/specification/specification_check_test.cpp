// SPDX-License-Identifier: GPL-3.0-or-later
// Fields that are each right and make no sense together are refused, with their path.
#include "core/specification/specification_check.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/specification/accelerator_presets.h"

namespace cohelix::spec {
namespace {

Specification fpga() { return preset("fashion-mnist-zc706").value(); }
Specification asic() { return preset("dna-cifar10-asic").value(); }

/// The path of the error; "sound" without one.
std::string fault(const Specification& spec) {
    const auto sound = checkSound(spec);
    return sound ? "sound" : sound.error().where;
}

TEST(CheckSound, TakesEveryPreset) {
    for (const auto& entry : presets()) {
        const auto sound = checkSound(preset(entry.name).value());
        EXPECT_TRUE(sound) << entry.name << ": " << base::toText(sound.error());
    }
}

RC_GTEST_PROP(CheckLimits, RefuseExactlyWhatIsAboveTheDevice, ()) {
    auto spec = fpga();
    spec.device.dsp = *rc::gen::inRange(0, 5000);
    spec.device.bram18k = *rc::gen::inRange(0, 5000);
    spec.limits = {};
    const bool dsp = *rc::gen::arbitrary<bool>();
    auto& limit = dsp ? spec.limits.dsp : spec.limits.bram18k;
    const int available = dsp ? spec.device.dsp : spec.device.bram18k;
    limit = available + *rc::gen::inRange(-50, 50) / 2.0;
    const auto fits = checkLimits(spec);
    RC_ASSERT(fits.ok() == (*limit <= available));
    if (fits) return;
    RC_ASSERT(fits.error().where == (dsp ? "/limits/dsp" : "/limits/bram18k"));
    RC_ASSERT(fits.error().what.find(spec.device.name) != std::string::npos);
}

TEST(CheckLimits, SayWhatTheDeviceHas) {
    auto spec = fpga();
    spec.device.name = "MyBoard";
    spec.device.dsp = 40;
    spec.limits.dsp = 4000;
    EXPECT_EQ(checkLimits(spec).error().what,
              "the limit is 4000 DSP slices; the device MyBoard has 40");
}

TEST(CheckSound, RefusesWhatMeansNothingForTheTemplate) {
    EXPECT_EQ(fault(asic()), "sound");
    auto spec = asic();
    spec.limits.bram18k = 100;
    EXPECT_EQ(fault(spec), "/limits/bram18k");
    spec = asic();
    spec.limits.dsp = 0;
    EXPECT_EQ(fault(spec), "/limits/dsp");
    spec = asic();
    spec.device.bram18k = 10;
    EXPECT_EQ(fault(spec), "/device/bram18k");

    spec = fpga();
    spec.device = model::findDevice("ASIC-28nm").value();
    for (const auto& limit : {std::optional<double>(), std::optional(100.0)}) {
        spec.limits.dsp = limit;
        EXPECT_EQ(fault(spec), "/device") << "an ASIC has no DSP slices, whatever the limit";
    }
    spec = fpga();
    spec.search.layerMapping = LayerMapping::Proven;
    EXPECT_EQ(fault(spec), "/search/layer_mapping");
    for (const auto form : base::kValues<model::FpgaModel>) {
        spec = fpga();
        spec.accelerator.fpgaModel = form;
        spec.accelerator.doubleBufferedWeights = true;
        EXPECT_EQ(fault(spec), form == model::FpgaModel::Corrected
                                   ? "sound"
                                   : "/accelerator/double_buffered_weights");
    }
}

TEST(CheckSound, RefusesAnEnergyThatIsNothing) {
    auto spec = fpga();
    spec.device.powerWatt = 0;
    for (const auto metric : base::kValues<Metric>) {
        spec.objective.metric = metric;
        EXPECT_EQ(fault(spec), "/device/power_watt") << "every design shows its energy";
    }
    spec.device.powerWatt = 0.5;
    EXPECT_EQ(fault(spec), "sound");
    auto counted = asic();
    counted.device.powerWatt = 0;
    EXPECT_EQ(fault(counted), "sound") << "its energy is counted, access by access";
}

TEST(CheckSound, HoldsTheNetworkAgainstTheDataSet) {
    auto spec = fpga();
    spec.network.classes = 65535;
    EXPECT_EQ(fault(spec), "/network/classes");
    spec = fpga();
    spec.network.input.channels = 3;
    EXPECT_EQ(fault(spec), "/network/input/channels");
    spec = fpga();
    spec.network.input.height = 32;
    EXPECT_EQ(fault(spec), "sound") << "IDX files of one's own may be of any size";
    spec.dataSet.cropPadding = 28;
    EXPECT_EQ(fault(spec), "/data_set/crop_padding");

    spec = asic();
    EXPECT_EQ(spec.dataSet.kind, DataSetKind::Cifar10);
    spec.network.input.width = 28;
    EXPECT_EQ(fault(spec), "/network/input/width");
    spec = asic();
    spec.dataSet.kind = DataSetKind::Cifar100;
    EXPECT_EQ(fault(spec), "/network/classes");
    spec.network.classes = 100;
    EXPECT_EQ(fault(spec), "sound");
    spec.dataSet.kind = DataSetKind::ImageFolder;
    spec.network.classes = 7;
    EXPECT_EQ(fault(spec), "sound") << "folders have what classes they have";
    spec.network.input.channels = 4;
    EXPECT_EQ(fault(spec), "/network/input/channels");
}

TEST(CheckSound, RefusesASupernetBeyondMemory) {
    auto spec = fpga();
    for (auto& stage : spec.network.stages) stage.channels = 8192;
    EXPECT_EQ(fault(spec), "/network/stages");
    auto json = toJson(fpga());
    ASSERT_TRUE(base::setAtPointer(json, "/network/stages/0/channels", "65536").ok());
    const auto read = fromJson(json);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().where, "/network/stages/0/channels");
    EXPECT_NE(base::toText(read.error()).find("8192"), std::string::npos)
        << base::toText(read.error());
}

TEST(Names, OfSpacesAndPresetsIgnoreCase) {
    EXPECT_EQ(acceleratorPreset("R2-Wide").value(), acceleratorPreset("r2-wide").value());
    EXPECT_EQ(preset("Fashion-MNIST-ZC706").value(), fpga());
}

}  // namespace
}  // namespace cohelix::spec
