// Runs ONNX graphs: node run.mjs < requests > answers
// A request is a line of JSON, { model, input, type, dims, data }: a file, the name of its input, "uint8" or "float32", its shape, and its
// numbers in base64, little endian. Its answer is a line { inputs, outputs, dims, data } about the first output, or { error }.
import { createInterface } from 'node:readline';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const arrays = { uint8: Uint8Array, float32: Float32Array };

async function run({ model, input, type, dims, data }) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
    const result = await session.run({ [input]: new Tensor(type, new arrays[type](bytes.buffer), dims) });
    const output = result[session.outputNames[0]];
    return { inputs: session.inputNames, outputs: session.outputNames, dims: output.dims, data: Array.from(output.data) };
  } finally {
    await session.release();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line)).catch(error => ({ error: String(error.message ?? error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
