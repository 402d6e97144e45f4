# Trains the benchmark's networks with PyTorch on the CPU. Reads a line of JSON with the problem, then a number of steps a
# line; answers each with the loss of the last step before its update.
import json
import sys

import torch

problem = json.loads(sys.stdin.readline())
sizes = problem["sizes"]
inputs = torch.tensor(problem["inputs"], dtype=torch.float32).reshape(problem["batch"], sizes[0])
labels = torch.tensor(problem["labels"], dtype=torch.int64)

layers = []
for fan_in, fan_out, weights in zip(sizes, sizes[1:], problem["weights"]):
    layer = torch.nn.Linear(fan_in, fan_out)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weights, dtype=torch.float32).reshape(fan_in, fan_out).T)
        layer.bias.zero_()
    layers += [layer, torch.nn.ReLU()]
network = torch.nn.Sequential(*layers[:-1])
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(network.parameters(), lr=problem["learningRate"], momentum=problem["momentum"])

print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        optimizer.zero_grad()
        loss = criterion(network(inputs), labels)
        loss.backward()
        optimizer.step()
    print(loss.item(), flush=True)
