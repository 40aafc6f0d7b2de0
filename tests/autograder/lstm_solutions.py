"""Nine ways to solve one task, and its stub: for tests of similarity.

They differ as solutions of learners do: in names, in how the blocks are cut,
in what is computed at once. One author wrote them for these tests; real
classes are closer together.
"""

STUB = '''
# solution: lstm_step
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance an LSTM by one time step."""
    # YOUR CODE HERE
    raise NotImplementedError
'''

INSTRUCTOR = '''
# solution: lstm_step
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    """Advance an LSTM by one time step."""
    prev_hidden_state, prev_cell_state = prev_state
    blocks = (
        x @ weight_ih.T + bias_ih + prev_hidden_state @ weight_hh.T + bias_hh
    )
    input_gate, forget_gate, cell_candidate, output_gate = blocks.chunk(4, 1)
    input_gate = torch.sigmoid(input_gate)
    forget_gate = torch.sigmoid(forget_gate)
    cell_candidate = torch.tanh(cell_candidate)
    output_gate = torch.sigmoid(output_gate)
    cell_state = forget_gate * prev_cell_state + input_gate * cell_candidate
    hidden_state = output_gate * torch.tanh(cell_state)
    return LSTMState(hidden_state, cell_state)
'''

INDEPENDENT = {
    "ada": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    h, c = prev_state
    gates = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh
    i, f, g, o = gates.chunk(4, dim=1)
    i = torch.sigmoid(i)
    f = torch.sigmoid(f)
    g = torch.tanh(g)
    o = torch.sigmoid(o)
    c_new = f * c + i * g
    h_new = o * torch.tanh(c_new)
    return LSTMState(h_new, c_new)
""",
    "bea": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    n = prev_state.hidden_state.size(1)
    pre = torch.nn.functional.linear(x, weight_ih, bias_ih)
    pre = pre + torch.nn.functional.linear(
        prev_state.hidden_state, weight_hh, bias_hh
    )
    it = torch.sigmoid(pre[:, :n])
    ft = torch.sigmoid(pre[:, n : 2 * n])
    gt = torch.tanh(pre[:, 2 * n : 3 * n])
    ot = torch.sigmoid(pre[:, 3 * n :])
    ct = ft * prev_state.cell_state + it * gt
    return LSTMState(hidden_state=ot * torch.tanh(ct), cell_state=ct)
""",
    "cem": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    old_h = prev_state[0]
    old_c = prev_state[1]
    w_i, w_f, w_g, w_o = torch.split(weight_ih, old_h.shape[-1])
    u_i, u_f, u_g, u_o = torch.split(weight_hh, old_h.shape[-1])
    b_i, b_f, b_g, b_o = torch.split(bias_ih + bias_hh, old_h.shape[-1])
    input_gate = (x @ w_i.T + old_h @ u_i.T + b_i).sigmoid()
    forget = (x @ w_f.T + old_h @ u_f.T + b_f).sigmoid()
    candidate = (x @ w_g.T + old_h @ u_g.T + b_g).tanh()
    output = (x @ w_o.T + old_h @ u_o.T + b_o).sigmoid()
    new_c = forget * old_c + input_gate * candidate
    new_h = output * new_c.tanh()
    return LSTMState(new_h, new_c)
""",
    "dot": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    hidden, cell = prev_state
    H = hidden.shape[1]

    def gate(k, act):
        rows = slice(k * H, (k + 1) * H)
        a = x.mm(weight_ih[rows].t()) + hidden.mm(weight_hh[rows].t())
        return act(a + bias_ih[rows] + bias_hh[rows])

    cell = gate(1, torch.sigmoid) * cell + gate(0, torch.sigmoid) * gate(
        2, torch.tanh
    )
    return LSTMState(gate(3, torch.sigmoid) * torch.tanh(cell), cell)
""",
    "eve": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    both = torch.cat([x, prev_state.hidden_state], dim=1)
    weights = torch.cat([weight_ih, weight_hh], dim=1)
    z = both.matmul(weights.transpose(0, 1)) + (bias_ih + bias_hh)
    z = z.view(x.shape[0], 4, -1)
    sig = torch.sigmoid(z)
    keep = sig[:, 1] * prev_state.cell_state
    write = sig[:, 0] * torch.tanh(z[:, 2])
    return LSTMState(sig[:, 3] * torch.tanh(keep + write), keep + write)
""",
    "fay": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    h_prev, c_prev = prev_state.hidden_state, prev_state.cell_state
    gates_x = torch.matmul(x, weight_ih.t()) + bias_ih
    gates_h = torch.matmul(h_prev, weight_hh.t()) + bias_hh
    gates = gates_x + gates_h
    size = gates.shape[1] // 4
    in_gate = torch.sigmoid(gates[:, 0:size])
    forget_gate = torch.sigmoid(gates[:, size:2 * size])
    cell_gate = torch.tanh(gates[:, 2 * size:3 * size])
    out_gate = torch.sigmoid(gates[:, 3 * size:4 * size])
    c_next = (forget_gate * c_prev) + (in_gate * cell_gate)
    h_next = out_gate * torch.tanh(c_next)
    return LSTMState(h_next, c_next)
""",
    "gil": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    a = torch.einsum("bi,gi->bg", x, weight_ih)
    a = a + torch.einsum("bh,gh->bg", prev_state[0], weight_hh)
    a = a + bias_ih[None] + bias_hh[None]
    names = ["input", "forget", "cell", "output"]
    part = dict(zip(names, torch.tensor_split(a, 4, dim=1)))
    for name in names:
        squash = torch.tanh if name == "cell" else torch.sigmoid
        part[name] = squash(part[name])
    c = part["forget"] * prev_state[1]
    c = c + part["input"] * part["cell"]
    return LSTMState(part["output"] * c.tanh(), c)
""",
    "hal": """
def lstm_step(x, prev_state, weight_ih, weight_hh, bias_ih, bias_hh):
    (h, c) = prev_state
    z = x @ weight_ih.T + h @ weight_hh.T
    z = z + bias_ih + bias_hh
    zi, zf, zg, zo = torch.chunk(z, 4, dim=-1)
    i, f, o = [torch.sigmoid(v) for v in (zi, zf, zo)]
    g = torch.tanh(zg)
    c = f.mul(c).add(i.mul(g))
    h = o.mul(torch.tanh(c))
    return LSTMState(h, c)
""",
}
