//! Where something is on a page: rectangles, and their conversion to points, pixels and percent.
//!
//! Must not know what is there.

use crate::types::{Block, BoundingBox};

/// Points per inch.
const POINTS: f64 = 72.0;

/// The size of a page, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PageSize {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// The edges of an area, counted from the upper left corner of the page, in the unit it was asked for in.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rectangle {
    /// Distance of the left edge from the left of the page.
    pub left: f64,
    /// Distance of the upper edge from the top of the page.
    pub top: f64,
    /// Distance of the right edge from the left of the page.
    pub right: f64,
    /// Distance of the lower edge from the top of the page.
    pub bottom: f64,
}

impl Rectangle {
    /// Returns the distance between the left and the right edge.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Returns the distance between the upper and the lower edge.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn scaled(self, horizontal: f64, vertical: f64) -> Self {
        Self {
            left: self.left * horizontal,
            top: self.top * vertical,
            right: self.right * horizontal,
            bottom: self.bottom * vertical,
        }
    }
}

/// An area of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    points: Rectangle,
    page: Option<PageSize>,
}

impl Area {
    /// Returns the edges in points: 72 to the inch.
    #[must_use]
    pub fn points(&self) -> Rectangle {
        self.points
    }

    /// Returns the edges in pixels of an image of the page that has this many dots per inch.
    #[must_use]
    pub fn pixels(&self, dpi: f64) -> Rectangle {
        self.points.scaled(dpi / POINTS, dpi / POINTS)
    }

    /// Returns the edges in percent of the width and the height of the page; `None` if the size of the page is not known.
    #[must_use]
    pub fn percent(&self) -> Option<Rectangle> {
        let page = self.page.filter(|page| page.width > 0.0 && page.height > 0.0)?;
        Some(self.points.scaled(100.0 / page.width, 100.0 / page.height))
    }

    /// Returns whether another area continues the line of this one.
    pub(super) fn is_continued_by(&self, next: &Self) -> bool {
        let (line, next) = (self.points, next.points);
        next.top < line.bottom && next.bottom > line.top && next.left >= line.left
    }

    /// Extends the area to include another one.
    pub(super) fn extend_to(&mut self, other: &Self) {
        let (points, other) = (&mut self.points, other.points);
        points.left = points.left.min(other.left);
        points.top = points.top.min(other.top);
        points.right = points.right.max(other.right);
        points.bottom = points.bottom.max(other.bottom);
    }
}

/// What the coordinates of a page mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// The resolution that coordinates refer to.
    pub(super) dpi: Option<f64>,
    /// The size of the page.
    pub(super) size: Option<PageSize>,
}

impl Scale {
    /// Returns the area of a block: of its box, or around its outline if an edge of the box is unknown.
    pub(super) fn area_of_block(&self, block: &Block) -> Option<Area> {
        self.area_of_box(&block.bounding_box).or_else(|| {
            let mut corners = block.polygon.iter();
            let first = corners.next()?;
            let start = Rectangle { left: first.x, top: first.y, right: first.x, bottom: first.y };
            let around = corners.fold(start, |around, corner| Rectangle {
                left: around.left.min(corner.x),
                top: around.top.min(corner.y),
                right: around.right.max(corner.x),
                bottom: around.bottom.max(corner.y),
            });
            Some(self.area(around))
        })
    }

    /// Returns the area of a box; `None` if an edge of it is unknown.
    pub(super) fn area_of_box(&self, found: &BoundingBox) -> Option<Area> {
        let BoundingBox { left: Some(left), top: Some(top), right: Some(right), bottom: Some(bottom), .. } = *found
        else {
            return None;
        };
        Some(self.area(Rectangle { left, top, right, bottom }))
    }

    fn area(&self, edges: Rectangle) -> Area {
        let factor = self.dpi.filter(|dpi| *dpi > 0.0).map_or(1.0, |dpi| POINTS / dpi);
        Area { points: edges.scaled(factor, factor), page: self.size }
    }
}
