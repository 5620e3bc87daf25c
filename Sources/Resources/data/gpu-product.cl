// Convolutions as matrix products whose left matrix is never written down: a group computes a tile of the result, its
// items a block of SUMS_M × SUMS_N sums each, and reads both matrices through local memory, TILE_K deep at a time; what is
// read next is on its way while this is multiplied.
//
// A convolution joins a large map and a small one: small place q and tap t meet at the large place stride · q − padding + t.
// A direct one reads the large map and a transposed one the small map; weights are [tap][large channel][small channel]. A
// dense layer has maps of one place and one tap. By KIND:
//
//   GATHER   small[q][s] = Σ over t, l of large[q, t][l] · w[t][l][s]      rows q, columns s, depth (t, l)
//   SPREAD   large[p][l] = Σ over t, s of small[p, t][s] · w[t][l][s]      rows p, columns l, depth (t, s)
//   WEIGHTS  w[t][l][s]  = Σ over q    of large[q, t][l] · small[q][s]     rows (t, l), columns s, depth q
//
// Large places whose distance is the stride meet the same taps: SPREAD takes each such phase by itself. The depth may be
// cut into parts whose sums go to memory and are added up by 'sum_parts', always in the same order.
//
// Needs KIND, TILE_M, TILE_N, TILE_K, SUMS_M, SUMS_N, and ALIGNED, whether all channels are multiples of four.

#define GATHER 0
#define SPREAD 1
#define WEIGHTS 2

#define ITEMS_M (TILE_M / SUMS_M)
#define ITEMS_N (TILE_N / SUMS_N)
#define ITEMS (ITEMS_M * ITEMS_N)

// Sums and pieces of an item stay in registers where every place among them is known: all loops over them are unrolled. A
// group of one item, as on the processor, would only become long.
#if ITEMS > 1
#define UNROLL _Pragma("unroll")
#else
#define UNROLL
#endif

#if ALIGNED
#define WIDTH 4
typedef float4 Piece;
#define READ(pointer) (*(__global const float4 *)(pointer))
#else
#define WIDTH 1
typedef float Piece;
#define READ(pointer) (*(pointer))
#endif

// Floats from one row of a tile in local memory to the next: what is stored across rows then meets other banks.
#define STRIDE_M (TILE_M + 4)
#define STRIDE_N (TILE_N + 4)

// Pieces of a tile that an item reads.
#define PIECES_M ((TILE_M * TILE_K / WIDTH + ITEMS - 1) / ITEMS)
#define PIECES_N ((TILE_N * TILE_K / WIDTH + ITEMS - 1) / ITEMS)
// Pieces in a row of a tile: along the depth, and along rows or columns.
#define ALONG_K (TILE_K / WIDTH)
#define ALONG_M (TILE_M / WIDTH)
#define ALONG_N (TILE_N / WIDTH)

// The sums of an item lie in blocks of so many, so that neighbours read neighbouring places.
#define BLOCK_M (SUMS_M % 4 == 0 ? 4 : SUMS_M)
#define BLOCK_N (SUMS_N % 4 == 0 ? 4 : SUMS_N)

typedef struct {
  int images;
  int smallHeight, smallWidth, smallChannels;
  int largeHeight, largeWidth, largeChannels;
  int window, stride, padding;
  // Taps of a direction, or the most of a phase's.
  int taps;
  // Places of a map of rows (of the small map; of one phase of the large one).
  int rowHeight, rowWidth;
  // Rows and columns of the result, and its depth.
  int rows, columns, depth;
  // The parts of the depth, and how deep each is: a multiple of TILE_K.
  int parts, partDepth;
  // Values of the result: from one part to the next.
  int size;
  // By the places of a map of rows, by its width, by the channels beside a tap, by the taps of a direction.
  Divisor byMap, byRowWidth, byChannels, byTaps;
} Geometry;

static inline void put_down(__local float *tile, int stride, int k, int place, Piece piece) {
#if ALIGNED
  tile[k * stride + place] = piece.x;
  tile[(k + 1) * stride + place] = piece.y;
  tile[(k + 2) * stride + place] = piece.z;
  tile[(k + 3) * stride + place] = piece.w;
#else
  tile[k * stride + place] = piece;
#endif
}

static inline void put_along(__local float *tile, int stride, int k, int place, Piece piece) {
#if ALIGNED
  *(__local float4 *)(tile + k * stride + place) = piece;
#else
  tile[k * stride + place] = piece;
#endif
}

static inline void get_block(float *values, int count, __local const float *tile) {
  if (count == 4) {
    const float4 four = *(__local const float4 *)tile;
    values[0] = four.x;
    values[1] = four.y;
    values[2] = four.z;
    values[3] = four.w;
  } else if (count == 2) {
    const float2 two = *(__local const float2 *)tile;
    values[0] = two.x;
    values[1] = two.y;
  } else {
    UNROLL
    for (int i = 0; i < count; i++) values[i] = tile[i];
  }
}

__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1))) void product(
    Geometry g, __global const float *left, __global const float *right, Finish f, __global float *out,
    __global const float *side, __global float *first, __global float *second) {
  __local float a[TILE_K * STRIDE_M] __attribute__((aligned(16)));
  __local float b[TILE_K * STRIDE_N] __attribute__((aligned(16)));
  const int item = get_local_id(0);
  // Columns run fastest.
  const int tilesAcross = (g.columns + TILE_N - 1) / TILE_N;
  const int row0 = get_group_id(0) / tilesAcross * TILE_M, column0 = get_group_id(0) % tilesAcross * TILE_N;
  const int itemRow = item / ITEMS_N, itemColumn = item % ITEMS_N;

  float sums[SUMS_M][SUMS_N];
  UNROLL
  for (int i = 0; i < SUMS_M; i++)
    UNROLL
    for (int j = 0; j < SUMS_N; j++) sums[i][j] = 0.0f;

#if KIND == SPREAD
  const int phases = g.stride * g.stride, phase = get_group_id(2) % phases, part = get_group_id(2) / phases;
  const int phaseRow = phase / g.stride, phaseColumn = phase % g.stride;
  // The first tap of the phase's, and the small place that it meets beside the place of the same number.
  const int firstRow = (phaseRow + g.padding) % g.stride, firstColumn = (phaseColumn + g.padding) % g.stride;
  const int awayRow = (phaseRow + g.padding) / g.stride, awayColumn = (phaseColumn + g.padding) / g.stride;
  const int tapRows = g.window > firstRow ? (g.window - firstRow + g.stride - 1) / g.stride : 0;
  const int tapColumns = g.window > firstColumn ? (g.window - firstColumn + g.stride - 1) / g.stride : 0;
  const int depth = tapRows * g.taps * g.smallChannels;
#else
  const int part = get_group_id(2), depth = g.depth;
#endif
  const int begin = part * g.partDepth, end = min(depth, begin + g.partDepth);

  // Where the rows that this item reads begin.
#if KIND == WEIGHTS
  int tapRow[PIECES_M], tapColumn[PIECES_M], channel[PIECES_M];
  UNROLL
  for (int i = 0; i < PIECES_M; i++) {
    const int row = row0 + (item + i * ITEMS) % ALONG_M * WIDTH;
    const int tap = over(row, g.byChannels);
    channel[i] = row < g.rows ? row - tap * g.largeChannels : -1;
    tapRow[i] = over(tap, g.byTaps);
    tapColumn[i] = tap - tapRow[i] * g.taps;
  }
#else
  int image[PIECES_M], mapRow[PIECES_M], mapColumn[PIECES_M];
  UNROLL
  for (int i = 0; i < PIECES_M; i++) {
    const int row = row0 + (item + i * ITEMS) / ALONG_K;
    const int number = over(row, g.byMap), place = row - number * (g.rowHeight * g.rowWidth);
    const int down = over(place, g.byRowWidth), across = place - down * g.rowWidth;
    image[i] = row < g.rows && (item + i * ITEMS) / ALONG_K < TILE_M ? number : -1;
#if KIND == GATHER
    mapRow[i] = down * g.stride - g.padding;
    mapColumn[i] = across * g.stride - g.padding;
#else
    mapRow[i] = down + awayRow;
    mapColumn[i] = across + awayColumn;
#endif
  }
#endif

  Piece piecesA[PIECES_M], piecesB[PIECES_N];
  // One round more than there are tiles: each puts down what the round before it has read.
  for (int k0 = begin; k0 < end + TILE_K; k0 += TILE_K) {
    if (k0 > begin) {
      barrier(CLK_LOCAL_MEM_FENCE);
      UNROLL
      for (int i = 0; i < PIECES_M; i++) {
        const int number = item + i * ITEMS;
        if (number < TILE_M * TILE_K / WIDTH) {
#if KIND == WEIGHTS
          put_along(a, STRIDE_M, number / ALONG_M, number % ALONG_M * WIDTH, piecesA[i]);
#else
          put_down(a, STRIDE_M, number % ALONG_K * WIDTH, number / ALONG_K, piecesA[i]);
#endif
        }
      }
      UNROLL
      for (int i = 0; i < PIECES_N; i++) {
        const int number = item + i * ITEMS;
        if (number < TILE_N * TILE_K / WIDTH) {
#if KIND == SPREAD
          put_down(b, STRIDE_N, number % ALONG_K * WIDTH, number / ALONG_K, piecesB[i]);
#else
          put_along(b, STRIDE_N, number / ALONG_N, number % ALONG_N * WIDTH, piecesB[i]);
#endif
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }

    if (k0 < end) {
      UNROLL
      for (int i = 0; i < PIECES_M; i++) {
        const int number = item + i * ITEMS;
        piecesA[i] = 0.0f;
#if KIND == WEIGHTS
        const int k = k0 + number / ALONG_M;
        const int picture = over(k, g.byMap), place = k - picture * (g.rowHeight * g.rowWidth);
        const int down = over(place, g.byRowWidth), across = place - down * g.rowWidth;
        const int row = down * g.stride - g.padding + tapRow[i], column = across * g.stride - g.padding + tapColumn[i];
        if (k < end && channel[i] >= 0 && number < TILE_M * TILE_K / WIDTH && row >= 0 && row < g.largeHeight &&
            column >= 0 && column < g.largeWidth)
          piecesA[i] = READ(
              left + ((picture * g.largeHeight + row) * g.largeWidth + column) * g.largeChannels + channel[i]);
#else
        const int k = k0 + number % ALONG_K * WIDTH;
        const int tap = over(k, g.byChannels), tapRow = over(tap, g.byTaps), tapColumn = tap - tapRow * g.taps;
#if KIND == GATHER
        const int row = mapRow[i] + tapRow, column = mapColumn[i] + tapColumn;
        if (k < end && image[i] >= 0 && row >= 0 && row < g.largeHeight && column >= 0 && column < g.largeWidth)
          piecesA[i] = READ(
              left + ((image[i] * g.largeHeight + row) * g.largeWidth + column) * g.largeChannels +
              (k - tap * g.largeChannels));
#else
        const int row = mapRow[i] - tapRow, column = mapColumn[i] - tapColumn;
        if (k < end && tapColumn < tapColumns && image[i] >= 0 && row >= 0 && row < g.smallHeight && column >= 0 &&
            column < g.smallWidth)
          piecesA[i] = READ(
              left + ((image[i] * g.smallHeight + row) * g.smallWidth + column) * g.smallChannels +
              (k - tap * g.smallChannels));
#endif
#endif
      }
      UNROLL
      for (int i = 0; i < PIECES_N; i++) {
        const int number = item + i * ITEMS;
        piecesB[i] = 0.0f;
        if (number < TILE_N * TILE_K / WIDTH) {
#if KIND == SPREAD
          const int k = k0 + number % ALONG_K * WIDTH, column = column0 + number / ALONG_K;
          const int tap = over(k, g.byChannels), tapRow = over(tap, g.byTaps), tapColumn = tap - tapRow * g.taps;
          if (k < end && column < g.columns && tapColumn < tapColumns) {
            const int own = (firstRow + tapRow * g.stride) * g.window + firstColumn + tapColumn * g.stride;
            piecesB[i] = READ(
                right + (own * g.largeChannels + column) * g.smallChannels + (k - tap * g.smallChannels));
          }
#else
          const int k = k0 + number / ALONG_N, column = column0 + number % ALONG_N * WIDTH;
          if (k < end && column < g.columns) piecesB[i] = READ(right + k * g.columns + column);
#endif
        }
      }
    }

    if (k0 > begin) {
      for (int k = 0; k < TILE_K; k++) {
        float m[SUMS_M], n[SUMS_N];
        UNROLL
        for (int i = 0; i < SUMS_M; i += BLOCK_M)
          get_block(m + i, BLOCK_M, a + k * STRIDE_M + i * ITEMS_M + itemRow * BLOCK_M);
        UNROLL
        for (int j = 0; j < SUMS_N; j += BLOCK_N)
          get_block(n + j, BLOCK_N, b + k * STRIDE_N + j * ITEMS_N + itemColumn * BLOCK_N);
        UNROLL
        for (int i = 0; i < SUMS_M; i++)
          UNROLL
          for (int j = 0; j < SUMS_N; j++) sums[i][j] = fma(m[i], n[j], sums[i][j]);
      }
    }
  }

  __global float *target = out + (g.parts > 1 ? part * g.size : 0);
  UNROLL
  for (int i = 0; i < SUMS_M; i++) {
    const int row = row0 + i / BLOCK_M * (ITEMS_M * BLOCK_M) + itemRow * BLOCK_M + i % BLOCK_M;
    if (row >= g.rows) continue;
#if KIND == SPREAD
    const int number = over(row, g.byMap), place = row - number * (g.rowHeight * g.rowWidth);
    const int phaseDown = over(place, g.byRowWidth);
    const int down = phaseDown * g.stride + phaseRow, across = (place - phaseDown * g.rowWidth) * g.stride + phaseColumn;
    if (down >= g.largeHeight || across >= g.largeWidth) continue;
    const int start = ((number * g.largeHeight + down) * g.largeWidth + across) * g.largeChannels;
#else
    const int start = row * g.columns;
#endif
#if ALIGNED && SUMS_N % 4 == 0
    UNROLL
    for (int j = 0; j < SUMS_N; j += 4) {
      const int column = column0 + j * ITEMS_N + itemColumn * 4;
      const float4 four = (float4)(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]);
      if (column < g.columns) finish_four(f, four, start + column, column, target, side, first, second);
    }
#else
    UNROLL
    for (int j = 0; j < SUMS_N; j++) {
      const int column = column0 + j / BLOCK_N * (ITEMS_N * BLOCK_N) + itemColumn * BLOCK_N + j % BLOCK_N;
      if (column < g.columns) finish(f, sums[i][j], start + column, column, target, side, first, second);
    }
#endif
  }
}
