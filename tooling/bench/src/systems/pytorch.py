# Trains the benchmark's networks with PyTorch on the CPU. Reads a line of JSON with the problem, then a command a line:
# {"steps": n} makes n steps on the problem's batch and answers with the loss of the last before its update;
# {"images": path, "targets": path} loads examples; {"epoch": true} goes through them once in a new order;
# {"predict": path, "rows": n, "to": path} writes the scores of float32 rows. Each is answered by a line.
import json
import sys

import torch

problem = json.loads(sys.stdin.readline())
sizes, batch = problem["sizes"], problem["batch"]
inputs = torch.tensor(problem["inputs"], dtype=torch.float32).reshape(batch, sizes[0])
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
images = targets = None


def step(x, y):
    optimizer.zero_grad()
    loss = criterion(network(x), y)
    loss.backward()
    optimizer.step()
    return loss


def read(path, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype)


print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    answer = True
    if "steps" in command:
        for _ in range(command["steps"]):
            loss = step(inputs, labels)
        answer = loss.item()
    elif "images" in command:
        images = read(command["images"], torch.uint8).reshape(-1, sizes[0])
        targets = read(command["targets"], torch.int32).long()
    elif "epoch" in command:
        order = torch.randperm(len(images))
        for begin in range(0, len(images), batch):
            rows = order[begin : begin + batch]
            step(images[rows].float() / 255, targets[rows])
    else:
        rows = read(command["predict"], torch.float32).reshape(command["rows"], sizes[0])
        with torch.no_grad(), open(command["to"], "wb") as file:
            file.write(bytes(network(rows).contiguous().view(torch.uint8).flatten().tolist()))
    print(json.dumps(answer), flush=True)
