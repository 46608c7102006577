// SPDX-License-Identifier: GPL-3.0-or-later
// One made-up row of each table; the byte before it is what csv.cpp chooses the reader by.
#include "tests/fuzz/seeds.h"

namespace cohelix::fuzz {
namespace {

/// The validation tables in the order of validate::tables().
constexpr int kTables = 9;

Seed table(int reader, const std::string& text) {
    return {"csv", static_cast<char>(reader) + text};
}
Seed validation(int index, const std::string& text) { return table(kTables + index, text); }

const char* const kMapping = "L3[WIO] K2 - L2[WI] N1 K4X - L1[O] C4 P2 C4X - L0[W] P4";

}  // namespace

std::vector<Seed> tableSeeds() {
    const std::string mapping = kMapping;
    return {
        table(0, "a,b\n1,\"2 \"\"x\"\"\"\n3,4\n"),
        table(1, "arch,acc_mean\n00000000,45.5\n00000001,64.25\n"),
        table(2,
              "cell,cifar10_acc\n|pool3x3~0|+|conv1x1~0|skip~1|+|conv1x1~0|skip~1|skip~2|,85.5\n"),
        table(3, "network,accuracy,seconds,recipe\nk3_e1 k3_e1 k3_e1,80,1.5,0\n"),
        validation(0,
                   "pe_dim,scratchpad_bytes,accumulator_words_per_column,C,K,N,P,Q,R,S,stride_h,"
                   "stride_w,dilation_h,dilation_w,mapping,cycles,energy_uJ,area_mm2\n"
                   "4,2048,128,16,8,1,8,1,1,1,1,1,1,1," +
                       mapping + ",64,1.5,0.5\n"),
        validation(1, R"({"header": {"tool": "t"}, "architectures": {}, "cases": []})"),
        validation(2,
                   "C,K,N,P,Q,R,S,stride,pe_count,mesh_x,accumulator_entries_per_instance,"
                   "accumulator_instances,scratchpad_entries,mapping_outer_to_inner,"
                   "timeloop_cycles,timeloop_energy,gemmini_rtl_cycles,"
                   "gemmini_rtl_cycles_auto_tiling\n16,8,1,8,1,1,1,1,16,4,256,4,2048," +
                       mapping + ",64,1.5,80,90\n"),
        validation(3,
                   "network,layer,type,design,M,P,clock_MHz,out_channels,in_channels,in_h,in_w,kh,"
                   "kw,stride_h,stride_w,pad_l,pad_r,pad_u,pad_d,out_h,out_w,macs,latency_ns,"
                   "cycles,mac_efficiency\nnet,conv,Conv,m8p8,8,8,100.0,8,4,8,8,3,3,1,1,1,1,1,1,8,"
                   "8,18432,2880,288,1\n"),
        validation(
            4,
            "b0_e,b0_k,b0_l,b0_se,b1_e,b1_k,b1_l,b1_se,b2_e,b2_k,b2_l,b2_se,b3_e,b3_k,b3_l,"
            "b3_se,b4_e,b4_k,b4_l,b4_se,b5_e,b5_k,b5_l,b5_se,b6_e,b6_k,b6_l,b6_se,val_top1,"
            "macs_M,params_M,zcu102_fps,zcu102_ms,vck190_fps,vck190_ms\n"
            "1,3,1,0,1,3,1,0,1,3,1,0,1,3,1,0,1,3,1,0,1,3,1,0,1,3,1,0,60,100,2,500,5,2000,3\n"),
        validation(5,
                   "layer,batch,power_mW,total_latency_ms,processing_latency_ms,published_gmacs,"
                   "computed_macs,active_pes,ifmap_zero_pct,glb_access_MB,dram_access_MB,"
                   "processing_cycles_at_200MHz,pe_utilization_from_cycles,"
                   "energy_mJ_power_x_total_latency,C,M,output_EF\n"
                   "CONV1-1,1,250,20,10,0.1,1806336,156,1.5,10,5,2000000,0.2,5,3,64,32\n"),
        validation(6,
                   "layer,N_in_per_group,M_out_per_group,output_EF,K,stride,layer_best_Tm,"
                   "layer_best_Tn,layer_best_cycles_published_one_group,cross_layer_Tm,"
                   "cross_layer_Tn,cross_layer_cycles_one_group_derived,measured_ms_both_groups,"
                   "measured_cycles_at_100MHz,measured_over_model\n"
                   "CONV1,3,16,8,3,1,16,3,576,16,3,576,0.01,1000,1.5\n"),
        validation(7, "stage,gop,theoretical_ms,measured_ms\nCONV1 (2 layers),3.87,21.5,31.5\n"),
        validation(8,
                   "network,device,compute_dsps,clock_MHz_core_over_dsp,dsp_used,lut_used,ff_used,"
                   "bram_used,bits,fps_without_fc,fps_with_fc\n"
                   "GoogleNet,ZU9,128,300/600,442,105811,111789,618,8,32.5,32\n"),
    };
}

}  // namespace cohelix::fuzz
