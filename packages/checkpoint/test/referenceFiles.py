# Writes referenceFiles.ts: files of the reference implementation, in base64.
# pip install safetensors==0.8.0 numpy==2.4.6 && python referenceFiles.py > referenceFiles.ts
import base64

import numpy
from safetensors import TensorSpec, serialize
from safetensors.numpy import save

numbers = numpy.array([[0.5, -2.0, 3.25], [1e-3, -0.0, 65504.0]])
every = {
    "F64": numbers,
    "F32": numbers.astype("float32"),
    "F16": numbers.astype("float16"),
    "I64": numpy.array([0, -1, 2**53 - 1], "int64"),
    "U64": numpy.array([0, 1, 2**53 - 1], "uint64"),
    "I32": numpy.array([0, -1, 2**31 - 1], "int32"),
    "U32": numpy.array([0, 1, 2**32 - 1], "uint32"),
    "I16": numpy.array([0, -1, 2**15 - 1], "int16"),
    "U16": numpy.array([0, 1, 2**16 - 1], "uint16"),
    "I8": numpy.array([0, -1, 127], "int8"),
    "U8": numpy.array([0, 1, 255], "uint8"),
    "BOOL": numpy.array([True, False, True]),
    "single": numpy.array(7.0, "float32"),
    "empty": numpy.zeros((0, 3), "float32"),
}
# numpy has no bfloat16: the serializer takes bytes.
three = numpy.array([0x3F80, 0xC000, 0x7F80], "uint16")
bfloat16 = {"BF16": TensorSpec(dtype="bfloat16", shape=[3], data_ptr=three.ctypes.data, data_len=three.nbytes)}
halves = numpy.array([0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x3C00, 0xC000, 0x7BFF, 0x7C00, 0xFC00, 0x7E00], "uint16")
files = {
    "everyType": save(every, metadata={"who": "the reference implementation", "läuft": "日本語 \"\\\n"}),
    "bfloat16": serialize(bfloat16),
    "halves": save({"halves": halves.view("float16")}),
    "none": save({}),
    "written": save(
        {
            "a": numpy.array([[1.5, -2.5]]),
            "b.weight": numpy.array([[0.1, 0.2], [0.3, 0.4]], "float32"),
            "c": numpy.array([-7], "int32"),
            "d": numpy.array([1, 2, 3], "uint8"),
        },
        metadata={"neurite": '{"version":1}'},
    ),
}
print("// Written by referenceFiles.py: what the reference implementation makes.")
for name, data in files.items():
    print(f"\nexport const {name} =\n  '{base64.b64encode(data).decode()}';")
