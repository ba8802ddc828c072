package com.example;

public interface Constants {
    String ORG_ID = "2389290";
    int PAGE_SIZE = 50;
}
